// Subscriptions with the npm package graphql-ws: operations, expiry of the token, sign-out.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { CHANGED, changes, logContact, queue, signOut } from './contacts.mjs';
import { startDemo } from './server.mjs';

let demo;
before(async () => { demo = await startDemo({ TERTULIA_IDENTITY__ACCESS_TOKEN_SECONDS: '4' }); });
after(() => demo?.stop());

/** A client that signs in anew for each connection, and what happens to it. */
function connect(heard) {
  const tokens = [];
  const client = createClient({
    url: demo.graphql.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryWait: async () => {},
    connectionParams: async () => {
      const token = await demo.token('ELECTORAL_BODY_OFFICER');
      tokens.push(token);
      return { authorization: `Bearer ${token}` };
    },
    on: { connected: () => heard.push('connected'), closed: ({ code }) => heard.push(code) },
  });
  return { client, tokens };
}

const once = (client, query) => new Promise((resolve, reject) => {
  let answer;
  client.subscribe({ query }, { next: (value) => { answer = value; }, error: reject, complete: () => resolve(answer) });
});

test('answers a query and a refusal', async () => {
  const { client } = connect(queue());
  assert.deepEqual(await once(client, '{ __typename }'), { data: { __typename: 'Query' } });
  await assert.rejects(once(client, '{ nothing }'), (errors) => errors[0].extensions.code === 'INVALID_DOCUMENT');
  await client.dispose();
});

test('connects again by itself with a fresh token when the old one expires, and goes on hearing', async () => {
  const heard = queue();
  const { client, tokens } = connect(heard);
  client.subscribe({ query: CHANGED }, {
    next: changes(heard),
    error: (error) => heard.push(error),
    complete: () => heard.push('complete'),
  });
  assert.equal(await heard.next(), 'connected');
  assert.equal(await heard.next(), 4403, 'the token has expired');
  assert.equal(await heard.next(), 'connected');
  assert.equal(new Set(tokens).size, 2, 'a token of its own for each connection');
  // Taken after the subscription on the same socket: once it is answered, the subscription is in force again.
  await once(client, '{ __typename }');
  const reference = await logContact(demo);
  const change = await heard.next();
  assert.deepEqual([change.act, change.contact?.reference], ['LOG', reference]);
  await client.dispose();
});

test('is closed at once for good when its session ends', async () => {
  const heard = queue();
  const { client, tokens } = connect(heard);
  client.subscribe({ query: CHANGED }, { next: changes(heard), error: () => heard.push('given up'), complete: () => {} });
  assert.equal(await heard.next(), 'connected');
  await signOut(demo, tokens[0]);
  assert.equal(await heard.next(), 4401);
  assert.equal(await heard.next(), 'given up', 'the client does not try again by itself');
  await client.dispose();
});
