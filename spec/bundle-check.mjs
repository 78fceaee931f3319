/** Bundles a program on the packed package with esbuild, both ways, and runs it; the other bundlers: `npm run test:bundles`. */
import { build } from 'esbuild';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertDelivers, withExchange, writeSettings } from './support/delivery.mjs';
import { emptyFolder, pack, unpackInto } from './support/packed.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const project = emptyFolder('project');
cpSync(join(here, 'bundles/program.mjs'), join(project, 'program.mjs'));
unpackInto(project, pack());
symlinkSync(join(here, '../node_modules/rxjs'), join(project, 'node_modules/rxjs'));

async function check(format, main, endpoints) {
  const out = emptyFolder('bundle');
  const input = { entryPoints: [join(project, 'program.mjs')], bundle: true, platform: 'node' };
  await build({ ...input, format, outfile: join(out, main) });
  writeSettings(out, endpoints);
  await assertDelivers(out, main);
}

await withExchange((endpoints) =>
  Promise.all([check('esm', 'main.mjs', endpoints), check('cjs', 'main.cjs', endpoints)]),
);
console.log('bundles by esbuild, ES module and CommonJS, deliver candles without node_modules');
