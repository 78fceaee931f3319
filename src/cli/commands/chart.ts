import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { firstValueFrom, merge } from 'rxjs';
import { spawn } from 'node:child_process';
import { keyOf, startChart, toChartInterval } from '../../chart/index.ts';
import { createFeed } from '../../index.ts';
import { addSymbols, toAmount } from '../arguments.ts';
import { CHART_PAGE } from '../chart-page.ts';
import { withExamples } from '../examples.ts';
import { addFeedOptions, feedOptionsOf, TIRELESS, type FeedArguments } from '../feed-options.ts';
import type { Terminal } from '../terminal.ts';

interface ChartOptions extends FeedArguments {
  readonly interval?: readonly string[];
  readonly port: number;
  readonly open?: true;
}

/** `rx-candles chart`: a live chart on a local page. */
export function addChart(program: Command, terminal: Terminal): void {
  const command = program
    .command('chart')
    .description('serve a live candlestick chart to your browser, on this machine alone')
    .addArgument(new Argument('<symbols...>', 'e.g. BTCUSDT; the page opens more').argParser(addSymbols))
    .option(
      '-i, --interval <interval>',
      '1m, 5m, 1h …, or any length like 7m; repeatable, or a comma-separated list (default: 1m)',
      addChartIntervals,
    )
    .addOption(new Option('--port <n>', 'where the page is served').argParser(toPort).default(0, 'any free port'))
    .option('--open', 'open the page in your browser');
  withExamples(
    addFeedOptions(command),
    'rx-candles chart BTCUSDT --interval 1m --open',
    'rx-candles chart BTCUSDT ETHUSDT -i 5m,90m --venue binance-spot --port 8080',
  ).action((symbols: readonly string[], options: ChartOptions) => chart(symbols, options, terminal));
}

async function chart(symbols: readonly string[], options: ChartOptions, { out, err, stop$, gone$ }: Terminal) {
  const { interval: intervals = ['1m'], port } = options;
  const settings = await feedOptionsOf(options, TIRELESS);
  await using feed = createFeed(settings);
  const series = symbols.flatMap((symbol) =>
    intervals.map((interval) => keyOf({ symbol: symbol.toUpperCase(), interval })),
  );
  const { venue = 'binance-usdm' } = settings;
  const server = await startChart({ feed, venue, series, folder: CHART_PAGE, port });
  try {
    out.write(`${server.url}\n`);
    err.write(`rx-candles: the chart is at ${server.url} until Ctrl-C\n`);
    if (options.open === true) openInBrowser(server.url, (line) => void err.write(`rx-candles: ${line}\n`));
    await firstValueFrom(merge(stop$, gone$), { defaultValue: undefined });
  } finally {
    await server.close();
  }
}

function addChartIntervals(text: string, before: readonly string[] = []): readonly string[] {
  try {
    return [...new Set([...before, ...text.split(',').map((word) => toChartInterval(word.trim()))])];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function toPort(text: string): number {
  const port = toAmount(text);
  if (port > 65_535) throw new InvalidArgumentError('a port is at most 65535');
  return port;
}

/** What opens a page, by system. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Without a browser the page is still served: the user is told, and opens it by hand. */
function openInBrowser(url: string, say: (line: string) => void): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', ({ message }) => say(`no browser could be started (${message}); open ${url} yourself`));
  child.unref();
}
