import { defer, map, mergeMap, throwError, timer, type Observable } from 'rxjs';
import type { Candle, EpochMs } from '../../src/core/candle.ts';
import { nextOpenTime, openTimeAt, SHORTEST_LENGTH_MS, type Interval } from '../../src/core/interval.ts';
import { MarketDataError, type KlinesRequest, type MarketData, type Reply } from '../../src/ports/market-data.ts';
import { FeedClock } from '../../src/feed/rest/feed-clock.ts';
import type { SymbolInfo } from '../../src/ports/symbol-info.ts';
import { Waits, type Patiently, type Wait } from '../../src/feed/waits.ts';
import { candle } from './candle.ts';
import type { VirtualClock } from './virtual-clock.ts';

const MINUTE = 60_000;

/** The exchange's time when virtual time is 0: half a minute into the candle of minute 1000. */
export const STARTS_AT = 1000 * MINUTE + 30_000;

/** A closed candle as `klineFrame` of the fake sessions tells it. */
export function traded(minute: number, changes: Partial<Candle> = {}): Candle {
  const price = 100 + minute;
  const prices = { open: price, high: price, low: price, close: price };
  const volumes = { volume: 1.5, quoteVolume: 150, trades: 2, takerBuyVolume: 0.5, takerBuyQuoteVolume: 50 };
  return candle(minute, { ...prices, ...volumes, ...changes });
}

export const listed = (symbol: string, changes: Partial<SymbolInfo> = {}): SymbolInfo => ({
  symbol,
  status: 'TRADING',
  phase: 'trading',
  base: null,
  quote: null,
  listingTime: null,
  deliveryTime: null,
  priceStep: null,
  quantityStep: null,
  ...changes,
});

export const failure = (kind: MarketDataError['failure']): MarketDataError => new MarketDataError(kind, kind);

/** A market's REST interface in virtual time: every minute has a candle, as far as a spec does not say otherwise. */
export class FakeMarket implements MarketData {
  /** From asking to the answer, ms; the exchange looks at its clock halfway. */
  latencyMs = 20;
  /** Every request of this kind fails; with anything but a MarketDataError by a bug of ours. */
  failing: { klines?: Error; time?: Error; symbols?: Error } = {};
  /** Minutes that no answer shows. */
  readonly lacking = new Set<number>();
  /** The first minute, and the one where candles end, exclusive. */
  first = 0;
  end = Infinity;
  /** Which end of a span the rows come from. */
  pagesFrom: 'oldest' | 'newest' = 'oldest';
  symbols: readonly SymbolInfo[] = [listed('BTCUSDT'), listed('ETHUSDT')];
  /** What was asked for, with the local time of asking. */
  readonly asked: string[] = [];
  readonly requests: KlinesRequest[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  now(): EpochMs {
    return this.#clock.now() + STARTS_AT;
  }

  /** How often something was asked for. */
  count(what: string): number {
    return this.asked.filter((asked) => asked.startsWith(what)).length;
  }

  serverTime$(): Observable<Reply<EpochMs>> {
    return this.#answer$('time', this.failing.time, () => this.now());
  }

  symbols$(): Observable<Reply<readonly SymbolInfo[]>> {
    return this.#answer$('symbols', this.failing.symbols, () => this.symbols);
  }

  klines$(request: KlinesRequest): Observable<Reply<readonly Candle[]>> {
    return defer(() => {
      this.requests.push(request);
      return this.#answer$('klines', this.failing.klines, () => this.rowsOf(request));
    });
  }

  /** Rows of a series, the running one last, with a close that is not its last. */
  rowsOf({ symbol, interval, from = 0, before = Infinity, limit }: KlinesRequest): readonly Candle[] {
    const rows: Candle[] = [];
    const last = Math.min(before - 1, this.now(), this.end * MINUTE - 1);
    const reach = (limit + this.lacking.size + 2) * SHORTEST_LENGTH_MS[interval];
    const isOldest = this.pagesFrom === 'oldest' && from > 0;
    const start = Math.max(from, this.first * MINUTE, isOldest ? 0 : last - reach);
    for (let time = this.#firstAt(start, interval); time <= last; time = nextOpenTime(time, interval)) {
      if (isOldest && rows.length === limit) break;
      if (!this.lacking.has(time / MINUTE)) rows.push(this.#row(symbol, interval, time));
    }
    return rows.slice(-limit);
  }

  #firstAt(time: EpochMs, interval: Interval): EpochMs {
    const openTime = openTimeAt(time, interval, 0);
    return openTime < time ? nextOpenTime(openTime, interval) : openTime;
  }

  #row(symbol: string, interval: Interval, timestamp: EpochMs): Candle {
    const row = traded(timestamp / MINUTE, { symbol, interval, timestamp, source: 'backfill' });
    return row.closeTime < this.now() ? row : { ...row, close: 1 };
  }

  #answer$<T>(what: string, error: Error | undefined, value: () => T): Observable<Reply<T>> {
    return defer(() => {
      const sentAt = this.#clock.now();
      this.asked.push(`${what} at ${String(sentAt)}`);
      const half = this.latencyMs / 2;
      if (error !== undefined) return timer(half, this.#clock).pipe(mergeMap(() => throwError(() => error)));
      return timer(half, this.#clock).pipe(
        map(value),
        mergeMap((shown) => timer(half, this.#clock).pipe(map(() => shown))),
        map((shown) => ({ value: shown, sentAt, receivedAt: this.#clock.now() })),
      );
    });
  }
}

const nothing = (): void => undefined;

/** A wait that is told to nobody. */
export const untold = {
  beginWait: (): Wait => ({ because: nothing, progress: nothing, lapseAt: nothing, isOver: false, end: nothing }),
};

/** Asks as a feed does, and tells nobody. */
export function patientlyOn(scheduler: VirtualClock): Patiently {
  const waits = new Waits({ scheduler, now: () => scheduler.now(), publish: nothing });
  return (question$) => waits.untilAnswered$({ what: 'last candle' }, question$);
}

/** A feed's clock that asks this market; known as soon as it has been answered. */
export function clockOf(
  market: FakeMarket,
  scheduler: VirtualClock,
  onMoved: () => void = () => undefined,
  { beginWait } = untold,
): FeedClock {
  const askTime$ = () => market.serverTime$().pipe(map(({ value, ...times }) => ({ serverTime: value, ...times })));
  const onBug = (bug: unknown): void => {
    throw bug;
  };
  return new FeedClock({ scheduler, askTime$, onMoved, onBug, beginWait });
}
