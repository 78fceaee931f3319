import { map, filter, tap, type Subscription } from 'rxjs';
import type { Candle, ClosedCandlesOptions, Feed, Interval, RunningCandle, VenueId } from '../../src/index.ts';
import type { FakeExchange } from '../../src/testing/index.ts';

export interface SeriesKey {
  readonly venue: VenueId;
  readonly symbol: string;
  readonly interval: Interval;
}

/** One subscription, and everything it got. */
export interface Visit {
  readonly series: SeriesKey;
  readonly options: ClosedCandlesOptions;
  /** Exchange time of `subscribe`. */
  readonly subscribedAt: number;
  /** Exchange time of leaving; Infinity for who stays to the end. */
  leftAt: number;
  readonly got: Candle[];
  /** Candles that came before their close, by the exchange's clock. */
  readonly early: Candle[];
  /** Updates that a chart could not draw: of a candle that had closed, or of an older one than was drawn. */
  readonly undrawable: Candle[];
  end: string | undefined;
  readonly subscription: Subscription;
}

/** Whether to ask for closed candles, or for updates too and keep the closed ones. */
export type Kind = 'closed' | 'running';

/** Everybody who ever subscribed. */
export class Visits {
  readonly all: Visit[] = [];
  readonly #feed: Feed;
  readonly #exchange: FakeExchange;

  constructor(feed: Feed, exchange: FakeExchange) {
    this.#feed = feed;
    this.#exchange = exchange;
  }

  come(series: SeriesKey, options: ClosedCandlesOptions = {}, kind: Kind = 'closed'): Visit {
    const exchange = this.#exchange;
    const [got, early, undrawable]: [Candle[], Candle[], Candle[]] = [[], [], []];
    const subscribedAt = exchange.now();
    const record = {
      series,
      options,
      subscribedAt,
      leftAt: Infinity,
      got,
      early,
      undrawable,
      end: undefined as string | undefined,
    };
    const subscription = this.#candles$(record, kind).subscribe({
      next: (candle) => {
        got.push(candle);
        if (exchange.now() <= candle.closeTime) early.push(candle);
      },
      error: (error: unknown) => { visit.end = `error: ${String(error)}`; },
      complete: () => { visit.end = 'completed'; },
    }); // prettier-ignore
    const visit: Visit = Object.assign(record, { subscription });
    this.all.push(visit);
    return visit;
  }

  leave(visit: Visit): void {
    visit.subscription.unsubscribe();
    visit.leftAt = Math.min(visit.leftAt, this.#exchange.now());
  }

  #candles$({ series: { symbol, interval }, options, undrawable }: Omit<Visit, 'subscription'>, kind: Kind) {
    let last: RunningCandle | undefined;
    if (kind === 'closed') return this.#feed.closedCandles$(symbol, interval, options);
    return this.#feed.candles$(symbol, interval, options).pipe(
      tap((candle) => {
        if (last !== undefined && candle.timestamp <= last.timestamp - (last.closed ? 0 : 1)) undrawable.push(candle);
        last = candle;
      }),
      filter(({ closed }) => closed),
      map(({ closed: _, ...candle }): Candle => candle),
    );
  }
}
