// The documents that front ends keep (tests/operations), and what compilers of clients do with them.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'graphql';

const here = fileURLToPath(new URL('.', import.meta.url));
export const schema = join(here, '../../schema.graphql');
export const folder = join(here, '../operations');

/** Every definition of every document, with its file. */
export async function definitions() {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.graphql'));
  const read = async (file) => parse(await readFile(join(folder, file), 'utf8')).definitions.map((definition) => ({ file, definition }));
  return (await Promise.all(files.map(read))).flat();
}

/** Runs a program of node_modules/.bin; what it says goes into the error if it fails. */
export async function run(program, ...args) {
  const done = promisify(execFile)(join(here, 'node_modules/.bin', program), args, { cwd: here });
  await done.catch(({ stdout, stderr, message }) => { throw new Error(`${message}\n${stdout}${stderr}`); });
}

/** Calls `work` with a new folder, from which what a compiler makes finds its imports, and removes it. */
export async function inFolder(work) {
  // Outside of this repository: relay-compiler adds what it makes to the index of one.
  const made = await mkdtemp(join(tmpdir(), 'tertulia-made-'));
  try {
    await symlink(join(here, 'node_modules'), join(made, 'node_modules'));
    return await work(made);
  } finally {
    await rm(made, { recursive: true });
  }
}
