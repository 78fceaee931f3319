import { push, textOf, together, type LiveTopic } from './live-topic.ts';
import type { ExchangeState } from './exchange-state.ts';

/** Updates of running candles are spread over this many moments of their period. */
const SLOTS = 8;

interface Ticker {
  readonly topics: Set<LiveTopic>;
  readonly timer: NodeJS.Timeout;
}

/** Pushes updates of running candles: at the market's pace and only on change, or at a given rate. */
export class Updates {
  private readonly exchange: ExchangeState;
  private readonly tickers = new Map<number, Ticker>();

  constructor(exchange: ExchangeState) {
    this.exchange = exchange;
  }

  add(topic: LiveTopic): void {
    const period = this.periodOf(topic);
    if (period !== Infinity) this.tickerOf(period).add(topic);
  }

  remove(topic: LiveTopic): void {
    for (const [period, ticker] of this.tickers) {
      if (!ticker.topics.delete(topic) || ticker.topics.size > 0) continue;
      clearInterval(ticker.timer);
      this.tickers.delete(period);
    }
  }

  private periodOf({ symbol, interval }: LiveTopic): number {
    const { updatesPerSecond } = this.exchange.options;
    return updatesPerSecond === undefined ? symbol.rules.updateEveryMs(interval) : 1000 / updatesPerSecond;
  }

  private tickerOf(period: number): Set<LiveTopic> {
    const known = this.tickers.get(period);
    if (known !== undefined) return known.topics;
    const topics = new Set<LiveTopic>();
    const slots = period >= 10 * SLOTS ? SLOTS : 1;
    let slot = 0;
    const timer = setInterval(() => {
      slot = (slot + 1) % slots;
      together([...topics].filter((topic) => topic.slot % slots === slot), (topic) => { this.update(topic); }); // prettier-ignore
    }, period / slots);
    this.tickers.set(period, { topics, timer });
    return topics;
  }

  private update(topic: LiveTopic): void {
    const { symbol, interval } = topic;
    const now = this.exchange.clock.now();
    if (!symbol.trades || !symbol.has(interval, symbol.openTimeAt(now, interval), now)) return;
    const kline = symbol.kline(interval, symbol.openTimeAt(now, interval), now);
    const shown = `${String(kline.openTime)} ${String(kline.trades)}`;
    if (this.exchange.options.updatesPerSecond === undefined && !this.isNews(topic, shown, kline.trades)) return;
    topic.shown = shown;
    push(topic, textOf(topic, [{ kline, closed: false }], now));
  }

  private isNews(topic: LiveTopic, shown: string, trades: number): boolean {
    return topic.shown !== shown && (trades > 0 || this.exchange.options.pushEmptyCloses !== false);
  }
}
