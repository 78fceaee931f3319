import type { Command } from 'commander';
import { merge, switchMap, take, tap, timer, type Observable } from 'rxjs';
import { createFeed, type Candle, type Feed } from '../../index.ts';
import { startFakeExchange, type FakeExchange } from '../../testing/index.ts';
import { toAmount, toCount } from '../arguments.ts';
import { differencesOf, sumOf, type Differences } from '../exactness.ts';
import { print } from '../print.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface DemoOptions {
  readonly count: number;
  readonly seed: number;
}

const VENUE = 'binance-spot';
const INTERVAL = '1s';
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'];
const PROLOGUE =
  `${SYMBOLS.length} one-second series from a fake exchange on this machine, through the real feed; ` +
  'after a third of the candles the connection is dropped, and the missed ones are fetched.';

/** `rx-candles demo`: the real pipeline against the fake exchange, with a dropped connection on the way. */
export function addDemo(program: Command, terminal: Terminal): void {
  program
    .command('demo')
    .description('run the whole pipeline against an embedded fake exchange: no network, no keys')
    .option('--count <n>', 'stop after n candles in total', toCount, 30)
    .option('--seed <n>', 'same seed, same market', toAmount, 1)
    .action((options: DemoOptions) => demo(options, terminal));
}

async function demo({ count, seed }: DemoOptions, { out, ...terminal }: Terminal): Promise<void> {
  await using exchange = await startFakeExchange({ seed });
  await using feed = createFeed({
    venue: VENUE,
    endpoints: exchange.endpoints(VENUE),
    reconnect: { initialDelayMs: 1500, maxRetries: Infinity, jitter: false },
  });
  out.write(`${PROLOGUE}\n`);
  const trial: Trial = { exchange, feed, starts: new Map(), received: [] };
  const drops = countDrops(feed);
  await print(wanted$(trial, count), table(() => out.columns), { out, ...terminal }); // prettier-ignore
  const differences = judge(trial);
  out.write(`${summaryOf(trial.received, differences, drops.count)}\n`);
  if (Object.values(differences).some((number) => number > 0))
    throw new Error(`the candles differ from those of the exchange; please report this with --seed ${seed}`);
}

/** What has come so far, and with which candle each series had to begin. */
interface Trial {
  readonly exchange: FakeExchange;
  readonly feed: Feed;
  readonly starts: Map<string, number>;
  readonly received: Candle[];
}

/** All series, subscribed in the middle of a second, so that there is no doubt which candle is running. */
function wanted$({ exchange, feed, starts, received }: Trial, count: number): Observable<Candle> {
  const cutAfter = Math.max(1, Math.floor(count / 3));
  return timer((1500 - (exchange.now() % 1000)) % 1000).pipe(
    tap(() => SYMBOLS.forEach((symbol) => starts.set(symbol, exchange.openTimeNow(seriesOf(symbol))))),
    switchMap(() => merge(...SYMBOLS.map((symbol) => feed.closedCandles$(symbol, INTERVAL)))),
    take(count),
    tap((candle) => {
      if (received.push(candle) === cutAfter) exchange.faults.stream.drop();
    }),
  );
}

function judge({ exchange, starts, received }: Trial): Differences {
  const parts = SYMBOLS.map((symbol) => {
    const own = received.filter((candle) => candle.symbol === symbol);
    const end = Math.max(0, ...own.map(({ timestamp }) => timestamp + 1));
    return differencesOf(own, exchange.candles(seriesOf(symbol), starts.get(symbol) ?? 0, end));
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

function summaryOf(received: readonly Candle[], differences: Differences, drops: number): string {
  const { missing, repeated, disordered, wrong } = differences;
  const fetched = received.filter(({ source }) => source === 'backfill').length;
  return (
    `${received.length} candles of ${SYMBOLS.length} series: ${missing} missing, ${repeated} repeated, ` +
    `${disordered} out of order, ${wrong} wrong; connections dropped: ${drops}, candles fetched: ${fetched}`
  );
}

function seriesOf(symbol: string): { venue: typeof VENUE; symbol: string; interval: typeof INTERVAL } {
  return { venue: VENUE, symbol, interval: INTERVAL };
}
