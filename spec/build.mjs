/**
 * `node spec/build.mjs [folder]`: the package's code, one file for each of its doors and what they share. A hundred small
 * files take longer to find and open than to run. The compiler adds the declarations (`npm run build`).
 */
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(cwd, process.argv[2] ?? 'dist');
const { dependencies, peerDependencies } = JSON.parse(readFileSync(resolve(cwd, 'package.json'), 'utf8'));

rmSync(folder, { recursive: true, force: true });
const bundle = await rolldown({
  cwd,
  input: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts', 'cli/cli': 'src/cli/cli.ts' },
  platform: 'node',
  transform: { target: 'node20.19' },
  external: [/^node:/, ...Object.keys(dependencies), ...Object.keys(peerDependencies)],
});
await bundle.write({ dir: folder, format: 'esm', sourcemap: true, chunkFileNames: 'shared/[name].js' });
await bundle.close();
