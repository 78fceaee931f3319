/** `npm run test:runners`: a user's test with the packed package and its fake exchange, in each test runner (docs/testing.md). */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyFolder, pack, run, unpackInto } from '../support/packed.mjs';

const JEST = '../node_modules/jest/bin/jest.js';
const VITEST = '../node_modules/vitest/vitest.mjs';
/** Without what stands in jest.config.js. */
const AS_IT_IS = ['--config', '{}'];

const RUNS = [
  { name: 'Vitest', folder: 'vitest', node: '20.19', args: [VITEST, 'run'] },
  { name: 'Jest, ES modules', folder: 'jest-esm', node: '20.19', args: ['--experimental-vm-modules', JEST] },
  { name: 'Jest, CommonJS, one line', folder: 'jest-cjs', node: '20.19', args: [JEST] },
  { name: 'Jest, CommonJS, one line', folder: 'jest-cjs', node: '24', args: [JEST] },
  { name: 'Jest, CommonJS', folder: 'jest-cjs', node: '24', args: ['--experimental-vm-modules', JEST, ...AS_IT_IS] },
];

const project = emptyFolder('runners');
cpSync(fileURLToPath(new URL('.', import.meta.url)), project, { recursive: true });
run('npm', ['ci', '--silent', '--ignore-scripts'], { cwd: project });
unpackInto(project, pack());

for (const { name, folder, node, args } of RUNS) {
  run('npx', ['--yes', '--package', `node@${node}`, '--', 'node', ...args], { cwd: join(project, folder) });
  console.log(`${name}, Node ${node}: passed`);
}
