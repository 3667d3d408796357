// Bundles app.jsx into one script and one style sheet, and collects the licences of everything that went into them.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** GraphiQL's style sheet without the fonts that it carries: the reader's own do. */
const withoutFonts = {
  name: 'without-fonts',
  setup: ({ onLoad }) => onLoad({ filter: /\.css$/ }, async ({ path }) => ({
    contents: (await readFile(path, 'utf8')).replace(/@font-face\s*\{[^}]*\}/g, ''),
    loader: 'css',
  })),
};

const { metafile } = await build({
  entryPoints: { graphiql: 'app.jsx' },
  outdir: '..',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  plugins: [withoutFonts],
  metafile: true,
});

/** The package folders (the innermost node_modules/NAME) of the bundle's inputs. */
const packages = new Set(Object.keys(metafile.inputs).map((path) => path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));
const licences = [];
for (const folder of [...packages].sort()) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? (await readFile(join(folder, file), 'utf8')).trim() : `(no licence file; the package states: ${license})`;
  licences.push(`${name} ${version} (${license})\n\n${text}\n`);
}
await writeFile(join(dirname(import.meta.dirname), 'LICENCES.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));
console.log(`bundled ${packages.size} packages`);
