/**
 * `npm run test:compilers`: users' programs against the packed declarations, by each minor version of TypeScript from 5.4
 * and each way of finding a module, as strict as can be.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyFolder, pack, run, unpackInto } from '../support/packed.mjs';

const STRICTEST = [
  '--strict',
  '--exactOptionalPropertyTypes',
  '--skipLibCheck',
  'false',
  '--noEmit',
  '--target',
  'es2022',
];
const NODE = ['--lib', 'es2022', '--types', 'node'];
/** No types of Node, which not every program has. */
const BROWSER = ['--lib', 'es2022,dom', '--typeRoots', 'none'];

const WAYS = [
  { name: 'node10', args: ['--module', 'esnext', '--moduleResolution', 'node', ...NODE], files: ['main.ts', 'nats.ts', 'store.ts', 'testing.ts'] },
  { name: 'node16', args: ['--module', 'node16', ...NODE], files: ['main.ts', 'nats.ts', 'store.ts', 'testing.ts'] },
  { name: 'nodenext', args: ['--module', 'nodenext', ...NODE], files: ['main.ts', 'nats.ts', 'store.ts', 'testing.ts'] },
  // `require` of an ES module, which TypeScript has known since 5.8.
  { name: 'nodenext, CommonJS', since: '5.8', args: ['--module', 'nodenext', ...NODE], files: ['main.cts'] },
  { name: 'bundler', args: ['--module', 'esnext', '--moduleResolution', 'bundler', ...BROWSER], files: ['main.ts'] },
]; // prettier-ignore

const here = fileURLToPath(new URL('.', import.meta.url));
const project = emptyFolder('compilers');
cpSync(here, project, { recursive: true });
cpSync(join(here, 'main.ts'), join(project, 'main.cts'));
run('npm', ['ci', '--silent', '--ignore-scripts'], { cwd: project });
unpackInto(project, pack());

for (const version of ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6.0']) {
  const compiler = join(project, `node_modules/typescript-${version}/bin/tsc`);
  const silenced = version === '6.0' ? ['--ignoreDeprecations', '6.0'] : [];
  const ways = WAYS.filter(({ since = version }) => since <= version);
  for (const { args, files } of ways)
    run(process.execPath, [compiler, ...STRICTEST, ...silenced, ...args, ...files], { cwd: project });
  console.log(`TypeScript ${version}: ${ways.map(({ name }) => name).join('; ')}`);
}
