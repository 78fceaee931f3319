import { VENUE_IDS } from '../../../configuration.ts';
import type { FeedStatus, SymbolInfo } from '../../../index.ts';
import type { Access } from '../access.ts';
import { failed, ok, skipped, warning, type Check, type Finding, type Tools } from '../check.ts';
import { dueAt } from '../../due.ts';
import type { Awaited, Close } from '../live-feed.ts';

/** The symbols asked for, or one that most people watch. */
async function watchedSymbols({ symbols, reach, live }: Access, timeoutMs: number): Promise<readonly string[]> {
  if (symbols.length > 0) return symbols;
  const listed = await (await live()).symbols(timeoutMs);
  return listed.ok ? popularOf(listed.value, (await reach()).example) : [];
}

export function popularOf(listed: readonly SymbolInfo[], example: string | undefined): readonly string[] {
  const trading = listed.filter(({ phase }) => phase === 'trading');
  const wanted = [
    ({ symbol }: SymbolInfo) => symbol === example,
    ({ base, quote }: SymbolInfo) => base === 'BTC' && /^USD/.test(quote ?? ''),
    () => true,
  ];
  const [first] = wanted.flatMap((isWanted) => trading.find(isWanted) ?? []);
  return first === undefined ? [] : [first.symbol];
}

export const data: Check<Access> = {
  id: 'data',
  title: 'stream delivers',
  needs: ['symbols', 'stream'],
  run: async (access, { timeoutMs }) => {
    const live = await access.live();
    const symbols = await watchedSymbols(access, timeoutMs);
    const waited = symbols.map(async (symbol) => ({ symbol, update: await live.firstUpdate(symbol, timeoutMs) }));
    const first = await Promise.all(waited);
    return dataFinding(first, await live.status());
  },
};

export interface FirstUpdate {
  readonly symbol: string;
  /** ms. */
  readonly update: Awaited<number>;
}

export function dataFinding(first: readonly FirstUpdate[], status: FeedStatus): Finding {
  const came = first.flatMap(({ symbol, update }) => (update.ok ? [{ symbol, ms: Math.round(update.value) }] : []));
  const measures = { symbols: came.map(({ symbol }) => symbol), firstUpdateMs: came.map(({ ms }) => ms) };
  const inTime = came.map(({ symbol, ms }) => `${symbol} 1m after ${ms} ms`);
  const missed = first.flatMap(({ symbol, update }) => (update.ok ? [] : [{ symbol, ...update }]));
  if (missed.length === 0) return ok(`first update of ${inTime.join(', ')}`, measures);
  const why = missed.map(({ symbol, kind, why: words }) => (kind === 'error' ? words : lateText(symbol, words)));
  const advice = missed.some(({ kind }) => kind === 'error') ? CANNOT : lateAdvice(status, missed);
  return failed([...why, ...inTime].join('; '), advice, measures);
}

const CANNOT = 'correct the symbol (rx-candles symbols lists what the market has), or see docs/errors.md';

function lateText(symbol: string, why: string): string {
  return `nothing of ${symbol} 1m in time${why === '' ? '' : ` (${why})`}`;
}

function lateAdvice({ streams }: FeedStatus, missed: readonly { readonly why: string }[]): string {
  if (missed.some(({ why }) => why !== '')) {
    return 'the connection opens and does not last, or the exchange refuses what is asked: try again; --log-level info shows each attempt';
  }
  if (streams === 0)
    return 'the subscription was not acknowledged: try again, and check --stream-url and endpoints.stream';
  return 'it was acknowledged: the route is wrong (check --stream-url and endpoints.stream; binance-usdm: wss://…/market), or the market is too quiet: try a busy symbol, or a longer --timeout';
}

/** By now the running candle's updates have no subscriber any more, so that the feed leaves them undecoded if it can. */
export const spelling: Check<Access> = {
  id: 'spelling',
  title: 'spelling',
  needs: ['data'],
  run: async (access, tools) => {
    const { venue = VENUE_IDS[0] } = (await access.settings()).feed;
    if (venue.startsWith('ccxt:')) return skipped('ccxt reads the frames');
    const live = await access.live();
    const before = await live.status();
    const status = await until(live.status.bind(live), (now) => hasMoved(before, now), tools);
    return spellingFinding(before, status);
  },
};

/** Data is looked for once a second, and noted to the second. */
const MOVED_MS = 900;

function hasMoved(before: FeedStatus, now: FeedStatus): boolean {
  if (now.framesDecodedInFull > before.framesDecodedInFull) return true;
  return (now.lastDataAt ?? 0) > (before.lastDataAt ?? 0) + MOVED_MS;
}

export function spellingFinding(before: FeedStatus, now: FeedStatus): Finding {
  const framesDecodedInFull = now.framesDecodedInFull - before.framesDecodedInFull;
  const measures = { framesDecodedInFull };
  if (!hasMoved(before, now)) return skipped('no further update in time');
  if (framesDecodedInFull === 0)
    return ok('unfinished candles are recognised by their bytes, and not decoded', measures);
  return warning(
    `${framesDecodedInFull} unfinished candles had to be decoded`,
    'the exchange writes its frames in a way that this version does not know: nothing is lost, but each update costs some CPU; update rx-candles, or report it (the log shows the frame: --log-level warn)',
    measures,
  );
}

export const closeLag: Check<Access> = {
  id: 'close-lag',
  title: 'close comes',
  needs: ['data'],
  isSlow: true,
  run: async (access, tools) => {
    const live = await access.live();
    const symbols = await watchedSymbols(access, tools.timeoutMs);
    const offset = (await live.status()).clockOffsetMs ?? 0;
    const due = dueAt({ symbol: '', interval: '1m' }, Date.now() + offset) - offset;
    const countdown = setInterval(() => tools.tell(`close comes: in ${Math.max(0, Math.ceil((due - Date.now()) / 1000))} s`), 500); // prettier-ignore
    try {
      const withinMs = due - Date.now() + tools.timeoutMs;
      const closes = await Promise.all(symbols.map((symbol) => live.anyClose(symbol, withinMs)));
      return closeFinding(closes, { offset, fetchesCloses: (await access.reach()).fetchesCloses });
    } finally {
      clearInterval(countdown);
    }
  },
};

interface Judging {
  /** Exchange's clock minus this machine's, ms. */
  readonly offset: number;
  readonly fetchesCloses: boolean;
}

/** Of several series the slowest counts. */
export function closeFinding(closes: readonly Awaited<Close>[], { offset, fetchesCloses }: Judging): Finding {
  const lost = closes.flatMap((close) => (close.ok ? [] : [close.why]));
  if (lost.length > 0 || closes.length === 0) {
    const why = lost.filter((words) => words !== '').join('; ');
    return failed(`no close in time${why === '' ? '' : ` (${why})`}`, 'neither the stream nor REST brought it: run again with --log-level info, and see what the feed waits for'); // prettier-ignore
  }
  const came = closes.flatMap((close) => (close.ok ? [close.value] : []));
  const late = came.map(({ candle, at }) => ({ candle, lagMs: Math.round(at + offset - (candle.closeTime + 1)) }));
  const [slowest] = late.sort((a, b) => b.lagMs - a.lagMs);
  if (slowest === undefined) return skipped('nothing to wait for');
  const { candle, lagMs } = slowest;
  const measures = { symbol: candle.symbol, lagMs, source: candle.source };
  const found = `${candle.symbol} 1m, ${lagMs} ms after its end, ${candle.source === 'stream' ? 'over the stream' : 'fetched over REST'}`;
  if (candle.source === 'stream' || fetchesCloses) return ok(found, measures);
  return warning(
    found,
    'the stream lost it or was late, and it was fetched: once is nothing; if it is so again, look for a slow network or a busy machine, and set connections: 2',
    measures,
  );
}

const POLL_MS = 100;

async function until<T>(
  ask: () => Promise<T>,
  isEnough: (value: T) => boolean,
  { timeoutMs, signal }: Tools,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let value = await ask();
  while (!isEnough(value) && performance.now() < end && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    value = await ask();
  }
  return value;
}
