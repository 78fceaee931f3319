import { map, filter, type Subscription } from 'rxjs';
import type { Candle, ClosedCandlesOptions, Feed, Interval, VenueId } from '../../src/index.ts';
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
    const [got, early]: [Candle[], Candle[]] = [[], []];
    const subscribedAt = exchange.now();
    const record = {
      series,
      options,
      subscribedAt,
      leftAt: Infinity,
      got,
      early,
      end: undefined as string | undefined,
    };
    const subscription = this.#candles$(series, options, kind).subscribe({
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

  #candles$({ symbol, interval }: SeriesKey, options: ClosedCandlesOptions, kind: Kind) {
    if (kind === 'closed') return this.#feed.closedCandles$(symbol, interval, options);
    return this.#feed.candles$(symbol, interval).pipe(
      filter(({ closed }) => closed),
      map(({ closed: _, ...candle }): Candle => candle),
    );
  }
}
