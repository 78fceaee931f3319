import type { EpochMs } from '../core/candle.ts';
import { isInterval, nextOpenTime, openTimeAt, type Interval } from '../core/interval.ts';
import type { Connection } from './connection.ts';
import type { CloseInfo } from './options.ts';
import { rewritten } from './rewrite.ts';
import type { SymbolState } from './symbols.ts';
import { Frame, klineText } from './wire.ts';
import { finalKline, type VenueState, type World } from './world.ts';

/** Updates of running candles are spread over this many moments of their period. */
const SLOTS = 8;

/** A jump of the clock over more boundaries than this pushes only the last ones. */
const MOST_CLOSES_AT_ONCE = 100;

/** A series that somebody is subscribed to. */
interface LiveTopic {
  readonly key: string;
  readonly name: string;
  readonly symbol: SymbolState;
  readonly interval: Interval;
  readonly slot: number;
  readonly subscribers: Set<Connection>;
  /** What the last update showed, so that nothing is sent when nothing changed. */
  shown: string;
  held: (() => void) | undefined;
}

/** All series that open and close together: one timer for them all. */
interface Grid {
  readonly topics: Set<LiveTopic>;
  openTime: EpochMs;
  cancel: () => void;
}

/** Pushes closing frames at the boundaries, and updates of running candles in between. */
export class Publisher {
  private readonly world: World;
  private readonly topics = new Map<string, LiveTopic>();
  private readonly grids = new Map<string, Grid>();
  private readonly tickers = new Map<number, { readonly topics: Set<LiveTopic>; readonly timer: NodeJS.Timeout }>();
  private joined = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Unknown names are taken and stay silent, as on the real exchange (FACTS 3.2). */
  join(connection: Connection, name: string): void {
    const key = `${connection.venue} ${name}`;
    const topic = this.topics.get(key) ?? this.made(connection.state, name, key);
    if (topic === undefined) return;
    topic.subscribers.add(connection);
    this.world.stats.topics = this.topics.size;
  }

  leave(connection: Connection, name: string): void {
    const topic = this.topics.get(`${connection.venue} ${name}`);
    if (topic === undefined) return;
    topic.subscribers.delete(connection);
    if (topic.subscribers.size === 0) this.remove(topic);
    this.world.stats.topics = this.topics.size;
  }

  stop(): void {
    for (const topic of [...this.topics.values()]) this.remove(topic);
  }

  private made(state: VenueState, name: string, key: string): LiveTopic | undefined {
    const [streamName = '', interval] = name.split('@kline_');
    const symbol = state.byStreamName.get(streamName);
    if (symbol === undefined || !isInterval(interval) || !state.rules.intervals.includes(interval)) return undefined;
    const slot = this.joined++ % SLOTS;
    const topic: LiveTopic = { key, name, symbol, interval, slot, subscribers: new Set(), shown: '', held: undefined };
    this.topics.set(key, topic);
    if (this.world.options.publish !== false) this.start(topic);
    return topic;
  }

  private start(topic: LiveTopic): void {
    this.gridOf(topic).topics.add(topic);
    const period = this.periodOf(topic);
    if (period !== Infinity) this.tickerOf(period).add(topic);
  }

  private remove(topic: LiveTopic): void {
    this.topics.delete(topic.key);
    for (const [key, grid] of this.grids) {
      if (!grid.topics.delete(topic) || grid.topics.size > 0) continue;
      grid.cancel();
      this.grids.delete(key);
    }
    for (const [period, ticker] of this.tickers) {
      if (!ticker.topics.delete(topic) || ticker.topics.size > 0) continue;
      clearInterval(ticker.timer);
      this.tickers.delete(period);
    }
  }

  private gridOf({ symbol, interval }: LiveTopic): Grid {
    const key = interval === '3d' ? `3d ${String(symbol.anchor % 259_200_000)}` : interval;
    const known = this.grids.get(key);
    if (known !== undefined) return known;
    const openTime = openTimeAt(this.world.clock.now(), interval, symbol.anchor);
    const grid: Grid = { topics: new Set(), openTime, cancel: () => undefined };
    this.grids.set(key, grid);
    this.await(grid, interval);
    return grid;
  }

  private await(grid: Grid, interval: Interval): void {
    grid.cancel = this.world.clock.at(nextOpenTime(grid.openTime, interval), () => {
      this.closeDue(grid, interval);
      this.await(grid, interval);
    });
  }

  private closeDue(grid: Grid, interval: Interval): void {
    const now = this.world.clock.now();
    const due: EpochMs[] = [];
    for (let next = nextOpenTime(grid.openTime, interval); next <= now; next = nextOpenTime(next, interval)) {
      due.push(grid.openTime);
      grid.openTime = next;
    }
    for (const openTime of due.slice(-MOST_CLOSES_AT_ONCE)) this.planCloses(grid, openTime);
  }

  /** One timer per distinct delay, not per series. */
  private planCloses(grid: Grid, openTime: EpochMs): void {
    const batches = new Map<number, LiveTopic[]>();
    for (const topic of grid.topics) {
      const delay = this.delayOf(infoOf(topic, openTime));
      const batch = batches.get(delay);
      if (batch === undefined) batches.set(delay, [topic]);
      else batch.push(topic);
    }
    for (const [delay, batch] of batches) {
      this.later(delay, () => {
        this.together(batch, (topic) => { this.close(topic, openTime); }); // prettier-ignore
      });
    }
  }

  private delayOf(close: CloseInfo): number {
    const { closeDelayMs } = this.world.options;
    if (typeof closeDelayMs === 'number') return closeDelayMs;
    if (typeof closeDelayMs === 'function') return closeDelayMs(close);
    const { min, max } = closeDelayMs ?? this.world.venues.get(close.venue)?.rules.closeDelayMs ?? { min: 0, max: 0 };
    return Math.floor(min + this.world.random() * (max - min));
  }

  private close(topic: LiveTopic, openTime: EpochMs): void {
    const { symbol, interval } = topic;
    if (symbol.hasEnded || topic.subscribers.size === 0) return;
    const kline = finalKline(this.world, symbol, interval, openTime);
    if (kline === undefined || (kline.trades === 0 && this.world.options.pushEmptyCloses === false)) return;
    const eventTime = this.world.clock.now();
    this.sendClose(topic, openTime, klineText({ symbol: symbol.symbol, interval, kline, closed: true, eventTime }));
  }

  private sendClose(topic: LiveTopic, openTime: EpochMs, text: string): void {
    const effect = this.world.faults.stream.closes.take(infoOf(topic, openTime));
    const send = (other = text): void => {
      this.world.stats.closes++;
      this.push(topic, other);
    };
    const held = topic.held;
    topic.held = effect?.kind === 'disorder' ? send : undefined;
    if (effect === undefined || effect.kind === 'double') send();
    if (effect?.kind === 'double') send();
    if (effect?.kind === 'rewrite') send(rewritten(text, effect.how));
    if (effect?.kind === 'delay') this.later(effect.ms, send);
    held?.();
  }

  private later(delayMs: number, run: () => void): void {
    if (delayMs <= 0) run();
    else this.world.clock.at(this.world.clock.now() + delayMs, run);
  }

  private push(topic: LiveTopic, text: string): void {
    const frame = new Frame(topic.name, text);
    for (const connection of topic.subscribers) connection.deliver(frame);
  }

  /** Writes of one moment leave together: a boundary of thousands of series costs few system calls. */
  private together(topics: Iterable<LiveTopic>, act: (topic: LiveTopic) => void): void {
    const corked = new Set<Connection>();
    for (const topic of topics) {
      for (const connection of topic.subscribers)
        if (!corked.has(connection)) (connection.cork(), corked.add(connection));
      act(topic);
    }
    for (const connection of corked) connection.uncork();
  }

  private periodOf({ symbol, interval }: LiveTopic): number {
    const { updatesPerSecond } = this.world.options;
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
      this.together([...topics].filter((topic) => topic.slot % slots === slot), (topic) => { this.update(topic); }); // prettier-ignore
    }, period / slots);
    this.tickers.set(period, { topics, timer });
    return topics;
  }

  private update(topic: LiveTopic): void {
    const { symbol, interval } = topic;
    const now = this.world.clock.now();
    if (!symbol.trades || !symbol.has(interval, symbol.openTimeAt(now, interval), now)) return;
    const kline = symbol.kline(interval, symbol.openTimeAt(now, interval), now);
    const shown = `${String(kline.openTime)} ${String(kline.trades)}`;
    if (this.world.options.updatesPerSecond === undefined && !this.isNews(topic, shown, kline.trades)) return;
    topic.shown = shown;
    this.push(topic, klineText({ symbol: symbol.symbol, interval, kline, closed: false, eventTime: now }));
  }

  private isNews(topic: LiveTopic, shown: string, trades: number): boolean {
    return topic.shown !== shown && (trades > 0 || this.world.options.pushEmptyCloses !== false);
  }
}

function infoOf({ symbol, interval }: LiveTopic, openTime: EpochMs): CloseInfo {
  return { venue: symbol.rules.id, symbol: symbol.symbol, interval, openTime };
}
