// What tools ask a server for its schema with, under the default limits.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { startDemo } from './server.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo?.stop());

const file = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const printed = (schema) => printSchema(lexicographicSortSchema(schema));

async function ask(query) {
  const response = await fetch(demo.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, operationName: 'IntrospectionQuery' }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return buildClientSchema(data);
}

test('graphql-js learns the schema that the file has', async () => {
  const told = await ask(getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }));
  assert.equal(printed(told), printed(file));
});

test('graphql-js asks for everything it knows', async () => {
  const all = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true };
  assert.ok((await ask(getIntrospectionQuery(all))).getType('Contact'));
});

// GraphiQL before graphql-js 15 and Apollo Studio's sandbox: seven levels of types in types, no newer field.
const older = (subscriptions) => `
  query IntrospectionQuery {
    __schema {
      queryType { name } mutationType { name } ${subscriptions ? 'subscriptionType { name }' : ''}
      types { ...FullType }
      directives { name description locations args { ...InputValue } }
    }
  }
  fragment FullType on __Type {
    kind name description
    fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
    inputFields { ...InputValue }
    interfaces { ...TypeRef }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { ...TypeRef }
  }
  fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
  fragment TypeRef on __Type {
    kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } }
  }`;

for (const subscriptions of [true, false]) {
  test(`older tools learn it ${subscriptions ? 'as well' : 'without its subscriptions'}`, async () => {
    const told = await ask(older(subscriptions));
    assert.deepEqual(Object.keys(told.getTypeMap()).sort(), Object.keys(file.getTypeMap()).sort());
    assert.equal(told.getSubscriptionType()?.name, subscriptions ? 'Subscription' : undefined);
  });
}
