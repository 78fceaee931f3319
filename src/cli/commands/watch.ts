import { Argument, Option, type Command } from 'commander';
import { ReplaySubject, Subscription, take, tap, type Observable } from 'rxjs';
import { VENUE_IDS, askForConfig, findConfig } from '../../configuration.ts';
import { createFeed, type Candle, type Feed, type FeedOptions, type Interval } from '../../index.ts';
import { addIntervals, addSymbols, toAmount, toCount, toRestUrl, toStreamUrl, toVenue } from '../arguments.ts';
import { csv, ndjson, type Format } from '../format.ts';
import { notices$, type NoticesOptions } from '../notices.ts';
import { print } from '../print.ts';
import { addProxyOption, type ProxyOption } from '../proxy-option.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { toTime } from '../time-argument.ts';
import { watchable$ } from '../watchable.ts';

interface WatchOptions extends ProxyOption {
  readonly interval?: readonly Interval[];
  readonly history?: number;
  readonly since?: number;
  readonly count?: number;
  readonly venue?: NonNullable<FeedOptions['venue']>;
  readonly testnet?: true;
  readonly streamUrl?: string;
  readonly restUrl?: string;
  readonly config?: string;
  readonly json?: true;
  readonly csv?: true;
  readonly logLevel?: NonNullable<FeedOptions['logLevel']>;
}

/** `rx-candles watch`: closed candles as they come. */
export function addWatch(program: Command, terminal: Terminal): void {
  const command = program
    .command('watch')
    .description('print closed candles as they arrive: a table on a terminal, NDJSON when piped')
    .addArgument(new Argument('<symbols...>', 'e.g. BTCUSDT').argParser(addSymbols))
    .option(
      '-i, --interval <interval>',
      '1m, 5m, 1h …; repeatable, or a comma-separated list (default: 1m)',
      addIntervals,
    )
    .option('--history <n>', 'start with the last n closed candles; with --since, the last n up to it', toAmount)
    .option('--since <time>', 'start with every closed candle opened after this ISO time (UTC) or ms', toTime)
    .option('--count <n>', 'stop after n candles in total', toCount)
    .addOption(
      new Option(
        '--venue <venue>',
        `${VENUE_IDS.join(', ')}, or ccxt:<exchange> (default: binance-usdm, or the config file)`,
      ).argParser(toVenue),
    )
    .option('--testnet', "use the test network's hosts")
    .option('--stream-url <url>', 'custom stream host, e.g. wss://fstream.binance.com/market', toStreamUrl)
    .option('--rest-url <url>', 'custom REST host, e.g. https://fapi.binance.com', toRestUrl)
    .option('--config <file>', 'configuration file (default: config.yaml, if present)')
    .addOption(new Option('--json', 'one JSON object per line').conflicts('csv'))
    .option('--csv', 'CSV with a header')
    .addOption(new Option('--log-level <level>', 'log level on stderr').choices(LOG_LEVELS))
    .action((symbols: readonly string[], options: WatchOptions) => watch(symbols, options, terminal));
  addProxyOption(command);
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

async function watch(symbols: readonly string[], options: WatchOptions, terminal: Terminal): Promise<void> {
  const settings = await feedOptionsOf(options);
  const feed = createFeed(settings);
  const begun$ = new ReplaySubject<Candle>(1);
  const { interval: intervals = ['1m'], history = 0, since } = options;
  const watched = symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
  const notices = notify({ feed, watched, past: history > 0 || since !== undefined, begun$ }, settings, terminal);
  try {
    const tell = (why: string) => void terminal.err.write(`rx-candles: ${why}\n`);
    const candles$ = watchable$(seriesOf(feed, symbols, options), tell).pipe(take(options.count ?? Infinity));
    await print(candles$.pipe(tap((candle) => begun$.next(candle))), formatFor(options, terminal), terminal);
  } finally {
    notices.unsubscribe();
    await feed.close();
  }
}

/** Writes notices to stderr, unless logging is silenced. */
function notify(
  about: Omit<NoticesOptions, 'logsGaps'>,
  { logLevel = 'warn' }: FeedOptions,
  { err }: Terminal,
): Subscription {
  if (logLevel === 'silent' || logLevel === 'error') return Subscription.EMPTY;
  // eslint-disable-next-line rxjs-x/no-ignored-error -- notices never error
  return notices$({ ...about, logsGaps: logLevel !== 'warn' }).subscribe((line) => {
    err.write(`rx-candles: ${line}\n`);
  });
}

function seriesOf(feed: Feed, symbols: readonly string[], options: WatchOptions): Observable<Candle>[] {
  const { interval: intervals = ['1m'], history, since } = options;
  return symbols.flatMap((symbol) =>
    intervals.map((interval) => feed.closedCandles$(symbol, interval, { history, since })),
  );
}

/** The command line overrides the file, which overrides the defaults. Retries are unlimited: the user can interrupt. */
async function feedOptionsOf(options: WatchOptions): Promise<FeedOptions> {
  const { venue, testnet, streamUrl, restUrl, proxy, config, logLevel } = options;
  const instead = { logLevel, venue };
  const file = await (config === undefined ? findConfig(instead) : askForConfig(config, instead));
  return {
    ...file,
    ...withoutGaps({ venue, testnet, proxy, logLevel }),
    endpoints: { ...file.endpoints, ...withoutGaps({ stream: streamUrl, rest: restUrl }) },
    reconnect: { ...file.reconnect, maxRetries: Infinity },
  };
}

function formatFor(options: WatchOptions, { out }: Terminal): Format {
  if (options.csv === true) return csv;
  return options.json === true || out.isTTY !== true ? ndjson : table(() => out.columns);
}

type WithoutGaps<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutGaps<T extends object>(options: T): WithoutGaps<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as WithoutGaps<T>;
}
