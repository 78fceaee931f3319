import { makeCandle, type Candle, type VenueId } from '../../src/core/candle.ts';
import { isInterval } from '../../src/core/interval.ts';
import type { Dialect, Reaction, StreamSession, ToldKline } from '../../src/testing/dialects/dialect.ts';
import { DIALECTS } from '../../src/testing/dialects/dialects.ts';
import type { Kline } from '../../src/testing/market/kline.ts';
import { SymbolState } from '../../src/testing/market/symbols.ts';
import type { Series } from './sim-truth.ts';

/** What a client said, and what is said to it for that. */
export interface Heard extends Pick<Reaction, 'subscribe' | 'unsubscribe'> {
  /** Good news. */
  readonly acks: readonly string[];
  readonly others: readonly string[];
}

/** A candle that a frame tells. */
export interface ToldCandle {
  readonly candle: Candle;
  readonly closed: boolean;
}

/** The words of a venue, in virtual time: those of the fake exchange. */
export class SimDialect {
  readonly #dialect: Dialect;
  readonly #symbols = new Map<string, SymbolState>();

  constructor(venue: VenueId) {
    const dialect = DIALECTS.find(({ rules }) => rules.id === venue);
    if (dialect === undefined) throw new Error(`the fake exchange does not speak for ${venue}`);
    this.#dialect = dialect;
  }

  get tellsSuccessor(): boolean {
    return this.#dialect.stream.tellsSuccessor;
  }

  /** Messages that nobody can understand. */
  get garbage(): readonly (string | Buffer)[] {
    return Object.values(this.#dialect.stream.garbage);
  }

  list(symbols: readonly string[]): void {
    const { rules } = this.#dialect;
    for (const symbol of symbols) this.#symbols.set(symbol, new SymbolState(rules, { symbol }, { seed: 1, now: 0 }));
  }

  hear(text: string, topics: ReadonlySet<string>, now: number): Heard {
    const { stream } = this.#dialect;
    const session = { ...this.#sessionOf(topics), now };
    const { request, replies = [] } = stream.read(text, session);
    if (request === undefined) return { acks: [], others: replies };
    const { acks = [], complaints = [], ...reaction } = stream.react(request, session);
    return { ...reaction, acks, others: complaints };
  }

  seriesOf(topic: string): Series {
    const { symbol = '', interval } = this.#dialect.stream.seriesOf(topic) ?? {};
    if (!isInterval(interval)) throw new Error(`${topic} names no series`);
    return { symbol, interval };
  }

  frameOf(topic: string, told: readonly ToldCandle[], eventTime: number): string {
    const { stream, rules } = this.#dialect;
    const { symbol: name, interval } = this.seriesOf(topic);
    const symbol = this.#symbols.get(name) ?? new SymbolState(rules, { symbol: name }, { seed: 1, now: 0 });
    const klines = told.map(({ candle, closed }): ToldKline => ({ kline: klineOf(candle), closed }));
    const text = stream.candleText({ topic, symbol, interval, told: klines, eventTime: Math.floor(eventTime) });
    return stream.enveloped(topic, text);
  }

  goingAway(now: number): string | null {
    return this.#dialect.stream.goingAway({ ...this.#sessionOf(new Set()), now });
  }

  /** The candle without what this venue does not tell. */
  told(candle: Candle): Candle {
    return makeCandle({ ...candle, ...this.#dialect.candleOf(klineOf(candle), candle.interval) });
  }

  #sessionOf(topics: ReadonlySet<string>): StreamSession {
    return { symbols: this.#symbols, now: 0, options: {}, topics, combined: true };
  }
}

function klineOf(candle: Candle): Kline {
  const trades = candle.trades ?? 0;
  return {
    openTime: candle.timestamp,
    closeTime: candle.closeTime,
    open: String(candle.open),
    high: String(candle.high),
    low: String(candle.low),
    close: String(candle.close),
    volume: String(candle.volume),
    quoteVolume: String(candle.quoteVolume),
    trades,
    takerBuyVolume: String(candle.takerBuyVolume),
    takerBuyQuoteVolume: String(candle.takerBuyQuoteVolume),
    firstTradeId: trades === 0 ? -1 : 1,
    lastTradeId: trades === 0 ? -1 : trades,
  };
}
