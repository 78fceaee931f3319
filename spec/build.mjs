/**
 * `node spec/build.mjs [folder]`: the package's code, one file for each of its doors and what they share. A hundred small
 * files take longer to find and open than to run. The compiler adds the declarations (`npm run build`).
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { buildPage } from './build-page.mjs';
import { licencesOf, packageOf } from './licences.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(cwd, process.argv[2] ?? 'dist');
const { peerDependencies } = JSON.parse(readFileSync(resolve(cwd, 'package.json'), 'utf8'));

/** The command line brings prom-client along, so that `--metrics-port` works without anything installed. */
const BROUGHT = ['prom-client', '@opentelemetry/api'];
const BY = /\/src\/cli\/|\/node_modules\/prom-client\//;
const isOutside = (name, importer = '') => name in peerDependencies && !(BROUGHT.includes(name) && BY.test(importer));

rmSync(folder, { recursive: true, force: true });
const bundle = await rolldown({
  cwd,
  input: {
    index: 'src/index.ts',
    'log/nats/index': 'src/log/nats/index.ts',
    'store/index': 'src/store/index.ts',
    'metrics/otel': 'src/metrics/otel.ts',
    'metrics/prometheus': 'src/metrics/prometheus.ts',
    'testing/index': 'src/testing/index.ts',
    'cli/cli': 'src/cli/cli.ts',
  },
  platform: 'node',
  external: isOutside,
  transform: {
    target: 'node20.19',
    // ws asks for its native helpers by `require`, which an ES module of a bundle does not have.
    define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
  },
  // What bundled packages `require` of Node is imported instead: no bundler understands `createRequire`.
  plugins: [esmExternalRequirePlugin({ external: [/^node:/, ...builtinModules] })],
});
const { output } = await bundle.write({
  dir: folder,
  format: 'esm',
  sourcemap: true,
  chunkFileNames: 'shared/[name].js',
  paths: (name) => (builtinModules.includes(name) ? `node:${name.replace(/^node:/, '')}` : name),
  codeSplitting: {
    groups: [
      // What `ws` needs of Node. Everything else stays with the package that asks for it: a bot waits for none of it.
      {
        name: 'node',
        test: /^builtin:esm-external-require-(buffer|crypto|events|https?|net|stream|tls|url|util|zlib)$/,
      },
      { name: packageOf, debugName: 'packages', test: /\/node_modules\// },
    ],
  },
});
await bundle.close();
const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
writeFileSync(resolve(folder, 'licences.txt'), licencesOf(modules));
await buildPage(resolve(folder, 'chart/page'));
