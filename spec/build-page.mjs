/** The chart's page: its own code as one file, lightweight-charts as it comes, and whose code that is. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { licencesOf } from './licences.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const source = join(cwd, 'src/chart/page');
const library = dirname(fileURLToPath(import.meta.resolve('lightweight-charts')));
/** fancy-canvas is inside it. */
const inside = join(cwd, 'node_modules/fancy-canvas/index.mjs');
/** As its licence asks: https://github.com/tradingview/lightweight-charts/blob/master/NOTICE */
const NOTICE = 'TradingView Lightweight Charts™\nCopyright (с) 2025 TradingView, Inc. https://www.tradingview.com/\n';

/**
 * @param folder - where the page goes
 * @param kind - `development` checks what it is told to draw
 */
export async function buildPage(folder, kind = 'production') {
  mkdirSync(folder, { recursive: true });
  const bundle = await rolldown({
    cwd,
    input: { chart: join(source, 'main.ts') },
    platform: 'browser',
    external: ['lightweight-charts'],
    tsconfig: join(source, 'tsconfig.json'),
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    paths: { 'lightweight-charts': './lightweight-charts.js' },
  });
  await bundle.close();
  for (const name of ['index.html', 'style.css', 'icon.svg']) copyFileSync(join(source, name), join(folder, name));
  copyFileSync(join(library, `lightweight-charts.standalone.${kind}.mjs`), join(folder, 'lightweight-charts.js'));
  const modules = [...output.flatMap(({ moduleIds = [] }) => moduleIds), join(library, 'index.mjs'), inside];
  writeFileSync(join(folder, 'licences.txt'), `${NOTICE}\n${licencesOf(modules)}`);
}

// `node spec/build-page.mjs <folder>`
if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage(resolve(process.argv[2]), process.argv[3]);
