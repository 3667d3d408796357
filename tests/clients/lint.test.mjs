// The schema as graphql-eslint judges it: the presets schema-recommended and schema-relay, every rule on.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import plugin from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { buildSchema, isObjectType } from 'graphql';

const file = new URL('../../schema.graphql', import.meta.url).pathname;
const text = await readFile(file, 'utf8');
const presets = { ...plugin.configs['flat/schema-recommended'].rules, ...plugin.configs['flat/schema-relay'].rules };

/** The object types of a schema that are no `Node`: they are parts of other objects and need no id. */
function parts(schema) {
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) && !type.name.startsWith('__'));
  return types.filter((type) => !type.getInterfaces().some(({ name }) => name === 'Node')).map(({ name }) => name);
}

async function findings(schema) {
  const rules = {
    ...presets,
    '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: parts(buildSchema(schema)) } }],
  };
  const config = {
    files: ['**/*.graphql'],
    languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { '@graphql-eslint': plugin },
    rules,
  };
  const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: [config] });
  const [result] = await eslint.lintText(schema, { filePath: 'schema.graphql' });
  return result.messages.map(({ line, ruleId, message }) => `${line}: ${ruleId ?? 'parser'}: ${message}`);
}

test('the schema has no finding', async () => assert.deepEqual(await findings(text), []));

test('a schema with faults has findings', async () => {
  const faulty = 'type Query { things: ThingConnection } type ThingConnection { nodes: [Int] }';
  const rules = new Set((await findings(faulty)).map((finding) => finding.split(': ')[1]));
  for (const rule of ['require-description', 'relay-connection-types']) {
    assert.ok(rules.has(`@graphql-eslint/${rule}`), `${rule} is on`);
  }
});
