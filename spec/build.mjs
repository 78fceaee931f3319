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

/** What the command line brings along, so that it starts fast and `--metrics-port` works without anything installed. */
const BROUGHT = ['rxjs', 'prom-client', '@opentelemetry/api'];

rmSync(folder, { recursive: true, force: true });
const library = await write({
  dir: folder,
  input: {
    'index': 'src/index.ts',
    'log/nats/index': 'src/log/nats/index.ts',
    'store/index': 'src/store/index.ts',
    'metrics/otel': 'src/metrics/otel.ts',
    'metrics/prometheus': 'src/metrics/prometheus.ts',
    'testing/index': 'src/testing/index.ts',
  },
  chunks: 'shared/[name].js',
  isOutside: (name) => name in peerDependencies,
}); // prettier-ignore
// With `rxjs`, as modules: Node finds and opens 230 files for it, which takes as long as all else that it starts with.
const commandLine = await write({
  dir: resolve(folder, 'cli'),
  input: { cli: 'src/cli/cli.ts' },
  chunks: '[name].js',
  isOutside: (name) => name in peerDependencies && !BROUGHT.includes(name),
  resolve: { alias: { rxjs: resolve(cwd, 'node_modules/rxjs/dist/esm/index.js') } },
});

async function write({ dir, input, chunks, isOutside, resolve = {} }) {
  const bundle = await rolldown({
    cwd,
    input,
    platform: 'node',
    external: isOutside,
    resolve,
    transform: {
      target: 'node20.19',
      // ws asks for its native helpers by `require`, which an ES module of a bundle does not have.
      define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
    },
    // What bundled packages `require` of Node is imported instead: no bundler understands `createRequire`.
    plugins: [esmExternalRequirePlugin({ external: [/^node:/, ...builtinModules] })],
  });
  const { output } = await bundle.write({
    dir,
    format: 'esm',
    chunkFileNames: chunks,
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
  return output;
}

const output = [...library, ...commandLine];
const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
writeFileSync(resolve(folder, 'licences.txt'), licencesOf(modules));
await buildPage(resolve(folder, 'chart/page'));
