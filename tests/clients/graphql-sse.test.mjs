// Subscriptions with the npm package graphql-sse, in its distinct connections mode.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';
import { CHANGED, changes, logContact, queue, signOut } from './contacts.mjs';
import { startDemo } from './server.mjs';

let demo;
before(async () => { demo = await startDemo({ TERTULIA_IDENTITY__ACCESS_TOKEN_SECONDS: '4' }); });
after(() => demo?.stop());

/** A client that signs in anew for each connection. */
function connect(heard) {
  const tokens = [];
  const client = createClient({
    url: demo.graphql,
    retry: async () => {},
    headers: async () => {
      const token = await demo.token('ELECTORAL_BODY_OFFICER');
      tokens.push(token);
      return { authorization: `Bearer ${token}` };
    },
    on: { connected: () => heard.push('connected') },
  });
  return { client, tokens };
}

const once = async (client, query) => {
  let answer;
  for await (const value of client.iterate({ query })) answer = value;
  return answer;
};

test('answers a query and a refusal', async () => {
  const { client } = connect(queue());
  assert.deepEqual(await once(client, '{ __typename }'), { data: { __typename: 'Query' } });
  assert.equal((await once(client, '{ nothing }')).errors[0].extensions.code, 'INVALID_DOCUMENT');
  client.dispose();
});

test('asks again by itself with a fresh token when the old one expires, and goes on hearing', async () => {
  const heard = queue();
  const { client, tokens } = connect(heard);
  client.subscribe({ query: CHANGED }, {
    next: changes(heard),
    error: (error) => heard.push(error),
    complete: () => heard.push('complete'),
  });
  assert.equal(await heard.next(), 'connected');
  assert.equal(await heard.next(), 'connected', 'again');
  assert.equal(new Set(tokens).size, 2, 'a token of its own for each connection');
  const reference = await logContact(demo);
  const change = await heard.next();
  assert.deepEqual([change.act, change.contact?.reference], ['LOG', reference]);
  client.dispose();
});

test('ends when its session ends, and is refused with the same token', async () => {
  const heard = queue();
  const token = await demo.token('ELECTORAL_BODY_OFFICER');
  const client = createClient({
    url: demo.graphql,
    retryAttempts: 1,
    retry: async () => {},
    headers: { authorization: `Bearer ${token}` },
    on: { connected: () => heard.push('connected') },
  });
  client.subscribe({ query: CHANGED }, { next: changes(heard), error: (error) => heard.push(error), complete: () => heard.push('complete') });
  assert.equal(await heard.next(), 'connected');
  await signOut(demo, token);
  assert.equal((await heard.next()).response?.status, 401);
  client.dispose();
});
