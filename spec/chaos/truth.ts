import { nextOpenTime, openTimeAt, type Candle } from '../../src/index.ts';
import type { FakeExchange } from '../../src/testing/index.ts';
import type { SeriesKey } from './visits.ts';

/** What the exchange has. Candles of the fake exchange are worked out anew each time; many subscriptions ask for the same. */
export class Truth {
  /** Exchange time at which the run was over. */
  readonly now: number;
  readonly #exchange: FakeExchange;
  readonly #known = new Map<string, Map<number, Candle | undefined>>();

  constructor(exchange: FakeExchange) {
    this.#exchange = exchange;
    this.now = exchange.now();
  }

  candleAt(series: SeriesKey, openTime: number): Candle | undefined {
    const known = this.#of(series);
    if (!known.has(openTime)) known.set(openTime, this.#exchange.candleAt(series, openTime));
    return known.get(openTime);
  }

  /** Open times in [from, before), holes left out. */
  candles(series: SeriesKey, from: number, before: number): readonly Candle[] {
    const found: Candle[] = [];
    const { interval } = series;
    let openTime = openTimeAt(from, interval);
    if (openTime < from) openTime = nextOpenTime(openTime, interval);
    for (; openTime < before; openTime = nextOpenTime(openTime, interval)) {
      const candle = this.candleAt(series, openTime);
      if (candle !== undefined) found.push(candle);
    }
    return found;
  }

  #of({ symbol, interval }: SeriesKey): Map<number, Candle | undefined> {
    const key = `${symbol} ${interval}`;
    const known = this.#known.get(key) ?? new Map<number, Candle | undefined>();
    this.#known.set(key, known);
    return known;
  }
}
