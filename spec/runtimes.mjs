/** `npm run test:runtimes [-- name…]`: `spec/package-check.mjs` on the packed package, on each runtime that npm has. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyFolder, pack, run, unpackInto } from './support/packed.mjs';

/** Package, and command. Bun and Deno are fetched by scripts of their packages, which npx runs. */
const RUNTIMES = [
  ['node@20.19', 'node'],
  ['node@22', 'node'],
  ['node@24', 'node'],
  ['node@26', 'node'],
  ['bun@1.4.5', 'bun'],
  ['deno@2.9.6', 'deno', 'run', '--allow-all'],
];

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = emptyFolder('runtimes');
cpSync(join(here, 'package-check.mjs'), join(folder, 'check.mjs'));
writeFileSync(join(folder, 'package.json'), '{ "dependencies": { "rx-candles": "*", "rxjs": "*" } }\n');
unpackInto(folder, pack());
for (const name of ['rxjs', 'tslib']) {
  cpSync(join(here, '../node_modules', name), join(folder, 'node_modules', name), { recursive: true });
}

const asked = process.argv.slice(2);
for (const [name, ...command] of RUNTIMES) {
  if (!asked.every((word) => name.includes(word))) continue;
  process.stdout.write(run('npx', ['--yes', '--package', name, '--', ...command, 'check.mjs'], { cwd: folder }));
}
