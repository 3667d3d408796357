// relay-compiler over the schema: a small front end with fragments, pagination and refetching, and every document that front
// ends keep.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kind, print } from 'graphql';
import { definitions, inFolder, run, schema } from './operations.mjs';

/** A definition as a module of its own, named as Relay wants it: `Contacts` in Contacts.ts is `ContactsQuery`. */
function asModule(definition) {
  const name = definition.name.value;
  if (definition.kind === Kind.FRAGMENT_DEFINITION) return [name, print(definition)];
  const kind = definition.operation[0].toUpperCase() + definition.operation.slice(1);
  return [name, print({ ...definition, name: { kind: Kind.NAME, value: `${name}${kind}` } })];
}

test('relay-compiler takes a front end and every document', () => inFolder(async (made) => {
  const [source, artifacts] = [join(made, 'source'), join(made, 'artifacts')];
  await Promise.all([mkdir(artifacts), cp(new URL('relay', import.meta.url), source, { recursive: true })]);
  const modules = (await definitions()).map(({ definition }) => asModule(definition));
  for (const [name, text] of modules) {
    await writeFile(join(source, `${name}.ts`), `import { graphql } from 'relay-runtime';\nexport const it = graphql\`\n${text}\n\`;\n`);
  }
  const config = { src: source, schema, language: 'typescript', artifactDirectory: artifacts, eagerEsModules: true };
  await writeFile(join(made, 'relay.config.json'), JSON.stringify(config));
  await run('relay-compiler', join(made, 'relay.config.json'));
  const generated = await readdir(artifacts);
  for (const name of ['ContactListPaginationQuery', 'ContactListRowQuery', 'DirectoryAnyQuery', 'DirectoryBodyQuery', 'ContactsQuery', 'ContactLogMutation']) {
    assert.ok(generated.includes(`${name}.graphql.ts`), `${name} was made`);
  }
  // The front end's own files make eleven artifacts, four of them queries that refetch.
  assert.ok(generated.length >= modules.length + 11, `${generated.length} artifacts of ${modules.length} documents`);
}));
