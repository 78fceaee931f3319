/**
 * How each bundler is told to bundle a program for Node: what its own documentation tells a beginner, and no more.
 * The result goes into the folder `out`.
 */
const ROLLUP = ['--plugin', 'node-resolve', '--dir', 'out'];
const WEBPACK = ['--mode', 'production', '--target', 'node', '--output-path', 'out', '--entry'];
const MODULE = { type: 'module' };

export const BUNDLERS = {
  'esbuild, ESM': told('esbuild', ['--bundle', '--platform=node', '--format=esm', '--outdir=out'], MODULE),
  'esbuild, CommonJS': told('esbuild', ['--bundle', '--platform=node', '--outdir=out']),
  'rolldown, ESM': told('rolldown', ['--platform', 'node', '--dir', 'out'], MODULE),
  'rolldown, CommonJS': told('rolldown', ['--platform', 'node', '--format', 'cjs', '--dir', 'out']),
  'rollup, ESM': told('rollup', ROLLUP, MODULE),
  'rollup, CommonJS': told('rollup', [...ROLLUP, '--format', 'cjs']),
  webpack: told('webpack', WEBPACK),
};

/**
 * @param tool - the bundler's command
 * @param args - what it is told before the program's file
 * @param manifest - what stands in `out/package.json`: without it Node takes a `.js` file for CommonJS
 */
function told(tool, args, manifest = {}) {
  return { tool, args, manifest };
}
