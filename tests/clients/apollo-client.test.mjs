// Automatic persisted queries with Apollo Client, by POST and by GET.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { startDemo } from './server.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo?.stop());

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** A client that notes what it sends: the method, and whether the document's text went along. */
function connect(useGETForHashedQueries) {
  const sent = [];
  const fetchAndNote = (url, options) => {
    const parameters = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(url).searchParams);
    sent.push(`${options.method} ${parameters.query ? 'text' : 'hash'}`);
    return fetch(url, options);
  };
  const link = new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(new HttpLink({ uri: demo.graphql, fetch: fetchAndNote }));
  return { client: new ApolloClient({ link, cache: new InMemoryCache() }), sent };
}

test('sends a document once and then its hash alone', async () => {
  const query = gql`query First { service { version } }`;
  for (const expected of [['POST hash', 'POST text'], ['POST hash']]) {
    const { client, sent } = connect(false);
    const { data } = await client.query({ query });
    assert.equal(typeof data.service.version, 'string');
    assert.deepEqual(sent, expected);
  }
});

test('does so by GET as well', async () => {
  const query = gql`query Second($first: Int) { countries(first: $first) { nodes { code } } }`;
  for (const expected of [['GET hash', 'POST text'], ['GET hash']]) {
    const { client, sent } = connect(true);
    const { data } = await client.query({ query, variables: { first: 2 } });
    assert.equal(data.countries.nodes.length, 2);
    assert.deepEqual(sent, expected);
  }
});
