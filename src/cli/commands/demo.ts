import { Option, type Command } from 'commander';
import { defer, first, merge, repeat, switchMap, take, tap, timer, type Observable } from 'rxjs';
import { createFeed, type Candle, type Feed, type Interval, type VenueId } from '../../index.ts';
import type { FakeExchange } from '../../testing/index.ts';
import { VENUE_IDS } from '../../configuration.ts';
import { toAmount, toCount } from '../arguments.ts';
import { DemoMarket, toDemoVenue, type DemoSeries } from '../demo-market.ts';
import { withExamples } from '../examples.ts';
import { differencesOf, sumOf, type Differences } from '../exactness.ts';
import { print } from '../print.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface DemoOptions {
  readonly venue: VenueId;
  readonly count?: number;
  readonly seed: number;
}

const SERIES = 3;
/** Enough to see a connection lost and found again: half a minute of seconds, or two minutes. */
const COUNT_OF_SECONDS = 30;
const COUNT_OF_MINUTES = 6;
const MINUTE_MS = 60_000;

/** `rx-candles demo`: the real pipeline against the fake exchange, with a dropped connection on the way. */
export function addDemo(program: Command, terminal: Terminal): void {
  const command = program
    .command('demo')
    .description('run the whole pipeline against an embedded fake exchange: no network, no keys')
    .addOption(
      new Option('--venue <venue>', 'the market to speak for, or ccxt:<exchange>')
        .choices(VENUE_IDS)
        .argParser(toDemoVenue)
        .default('binance-spot'),
    )
    .option('--count <n>', 'stop after n candles in total (default: 30; 6 where candles take a minute)', toCount)
    .option('--seed <n>', 'same seed, same market', toAmount, 1)
    .action((options: DemoOptions) => demo(options, terminal));
  withExamples(command, 'rx-candles demo', 'rx-candles demo --count 300 --seed 7', 'rx-candles demo --venue ccxt:okx');
}

async function demo({ venue, seed, ...options }: DemoOptions, { out, ...terminal }: Terminal): Promise<void> {
  // The fake exchange is a quarter of all code: other commands start without it.
  const { startFakeExchange } = await import('../../testing/index.ts');
  const market = new DemoMarket(venue);
  await using exchange = await startFakeExchange({ seed, venues: market.spoken });
  const interval = market.interval(exchange);
  // Nobody wants to wait for most of a minute.
  if (interval !== '1s') exchange.clock.jump(MINUTE_MS - (exchange.now() % MINUTE_MS) - market.headStartMs);
  await using feed = createFeed({
    venue,
    endpoints: market.endpoints(exchange),
    reconnect: { initialDelayMs: 1500, maxRetries: Infinity, jitter: false },
  });
  const listed = (await feed.symbols()).filter(({ phase }) => phase === 'trading');
  const series = market.series(listed.map(({ symbol }) => symbol), interval).slice(0, SERIES); // prettier-ignore
  out.write(`${prologueOf(venue, interval)}\n`);
  const trial: Trial = { market, exchange, feed, series, starts: new Map(), received: [] };
  const drops = countDrops(feed);
  const { count = interval === '1s' ? COUNT_OF_SECONDS : COUNT_OF_MINUTES } = options;
  await print(wanted$(trial, count), table(() => out.columns), { out, ...terminal }); // prettier-ignore
  const differences = judge(trial);
  out.write(`${summaryOf(trial, differences, drops.count)}\n`);
  if (Object.values(differences).some((number) => number > 0))
    throw new Error(`the candles differ from those of the exchange; please report this with --seed ${seed}`);
}

function prologueOf(venue: VenueId, interval: Interval): string {
  const length = interval === '1s' ? 'one-second' : 'one-minute';
  return (
    `${SERIES} ${length} series from a fake exchange on this machine, which speaks as ${venue} does, through the real ` +
    'feed; after a third of the candles the connection is dropped, and the missed ones are fetched.'
  );
}

/** What has come so far, and with which candle each series had to begin. */
interface Trial {
  readonly market: DemoMarket;
  readonly exchange: FakeExchange;
  readonly feed: Feed;
  readonly series: readonly DemoSeries[];
  readonly starts: Map<string, number>;
  readonly received: Candle[];
}

/** All series, subscribed in the middle of a second, so that there is no doubt which candle is running. */
function wanted$({ exchange, feed, series, starts, received }: Trial, count: number): Observable<Candle> {
  const cutAfter = Math.max(1, Math.floor(count / 3));
  return midSecond$(exchange).pipe(
    tap(() => series.forEach((one) => starts.set(one.symbol, exchange.openTimeNow(one.fake)))),
    switchMap(() => merge(...series.map(({ symbol, interval }) => feed.closedCandles$(symbol, interval)))),
    take(count),
    tap((candle) => {
      if (received.push(candle) === cutAfter) exchange.faults.stream.drop();
    }),
  );
}

/** Looks again where a busy machine lets the timer fire late. */
function midSecond$(exchange: FakeExchange): Observable<unknown> {
  return defer(() => timer((1500 - (exchange.now() % 1000)) % 1000)).pipe(
    repeat(),
    first(() => Math.abs((exchange.now() % 1000) - 500) < 250),
  );
}

function judge({ market, exchange, series, starts, received }: Trial): Differences {
  const parts = series.map(({ symbol, fake }) => {
    const own = received.filter((candle) => candle.symbol === symbol);
    const end = Math.max(0, ...own.map(({ timestamp }) => timestamp + 1));
    const truth = exchange.candles(fake, starts.get(symbol) ?? 0, end);
    return differencesOf(own, truth.map((candle) => market.told(candle, symbol))); // prettier-ignore
  });
  return sumOf(parts);
}

function countDrops(feed: Feed): { readonly count: number } {
  const drops = { count: 0 };
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a bus never errors
  feed.bus.on('DISCONNECTED').subscribe(({ reason }) => {
    if (reason !== 'no longer needed') drops.count++;
  });
  return drops;
}

function summaryOf({ received, series }: Trial, differences: Differences, drops: number): string {
  const { missing, repeated, disordered, wrong } = differences;
  const fetched = received.filter(({ source }) => source === 'backfill').length;
  return (
    `${received.length} candles of ${series.length} series: ${missing} missing, ${repeated} repeated, ` +
    `${disordered} out of order, ${wrong} wrong; connections dropped: ${drops}, candles fetched: ${fetched}`
  );
}
