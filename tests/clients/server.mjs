// A demo for one file of tests: the real binary, its own folder, a free port. TERTULIA_BINARY names another binary than the
// debug build's.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const binary = process.env.TERTULIA_BINARY ?? fileURLToPath(new URL('../../target/debug/tertulia', import.meta.url));

/** Starts a demo; `environment` are settings on top of its own (`TERTULIA_LIMITS__DOCUMENT__DEPTH` …). */
export async function startDemo(environment = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tertulia-clients-'));
  const data = join(folder, 'data');
  const { TERTULIA_BINARY, ...settings } = process.env;
  const server = spawn(binary, ['demo', '--data', data, '--listen', '127.0.0.1:0'], {
    env: { ...settings, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const url = await Promise.race([address(server), ended.then((code) => Promise.reject(new Error(`the demo ended with ${code}`)))]);
  const accounts = JSON.parse(await readFile(join(data, 'accounts.json'), 'utf8'));
  return {
    url,
    graphql: `${url}/graphql`,
    /** An access token of the account with that role. */
    async token(role) {
      const { email, password } = accounts.find((account) => account.role === role);
      const response = await fetch(`${url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      });
      return (await response.json()).accessToken;
    },
    async stop() {
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function address(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const found = line.match(/http:\/\/[\d.]+:\d+/);
    if (found) return found[0];
  }
  throw new Error('the demo did not say where it listens');
}
