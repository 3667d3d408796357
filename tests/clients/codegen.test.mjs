// graphql-codegen over every document that front ends keep, and `tsc --strict` over what it makes and a page that uses it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kind } from 'graphql';
import { definitions, folder, inFolder, run, schema } from './operations.mjs';

const scalars = {
  Date: 'string', DateTime: 'string', LocalDateTime: 'string', Duration: 'string', TimeZone: 'string', CountryCode: 'string', LanguageTag: 'string', URL: 'string',
};
const config = { strictScalars: true, scalars, useTypeImports: true };
const compiler = {
  strict: true, noEmit: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true, types: [],
};

/** Generates with codegen's own command, then compiles; `use` is a file of ./codegen that imports what was made. */
async function make(made, generates, use) {
  const documents = join(folder, '*.graphql');
  await writeFile(join(made, 'codegen.json'), JSON.stringify({ schema, documents, generates, errorsOnly: true }));
  await run('graphql-codegen', '--config', join(made, 'codegen.json'));
  await cp(new URL(`codegen/${use}`, import.meta.url), join(made, use));
  await writeFile(join(made, 'tsconfig.json'), JSON.stringify({ compilerOptions: compiler, include: ['**/*.ts'] }));
  await run('tsc', '--project', join(made, 'tsconfig.json'));
}

const operations = (await definitions()).map(({ definition }) => definition).filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);

test('the client preset', () => inFolder(async (made) => {
  await make(made, { [`${join(made, 'gql')}/`]: { preset: 'client', config, presetConfig: { fragmentMasking: false } } }, 'client.ts');
  const text = await readFile(join(made, 'gql/graphql.ts'), 'utf8');
  for (const { name } of operations) assert.ok(text.includes(`export const ${name.value}Document `), `${name.value} was made`);
}));

test('typescript for the schema, typescript-operations for the documents', () => inFolder(async (made) => {
  const generates = {
    [join(made, 'schema.ts')]: { plugins: ['typescript'], config },
    [join(made, 'operations.ts')]: { plugins: ['typescript-operations'], config },
  };
  await make(made, generates, 'plugins.ts');
  const text = await readFile(join(made, 'operations.ts'), 'utf8');
  for (const { name, operation } of operations) {
    const kind = operation[0].toUpperCase() + operation.slice(1);
    assert.match(text, new RegExp(`export type ${name.value}${name.value.endsWith(kind) ? '' : kind}(Variables)? `), `${name.value} was made`);
  }
}));

test('a page that asks for what is not there does not compile', () => inFolder(async (made) => {
  const generates = { [join(made, 'operations.ts')]: { plugins: ['typescript-operations'], config } };
  await assert.rejects(make(made, generates, 'wrong.ts'), /Property 'nothing' does not exist/);
}));
