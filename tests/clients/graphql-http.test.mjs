// GraphQL over HTTP: the server audit of the npm package graphql-http, every one of its checks.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { serverAudits } from 'graphql-http';
import { startDemo } from './server.mjs';

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo?.stop());

const audits = serverAudits({ url: () => demo.graphql });

test('the audit has its 61 checks', () => assert.equal(audits.length, 61));

for (const audit of audits) {
  test(audit.name, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}
