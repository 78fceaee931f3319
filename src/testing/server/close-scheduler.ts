import type { EpochMs } from '../../core/candle.ts';
import { nextOpenTime, openTimeAt, type Interval } from '../../core/interval.ts';
import { closeInfoOf, push, textOf, together, type LiveTopic } from './live-topic.ts';
import type { CloseInfo } from '../options.ts';
import type { CloseEffect } from '../faults/stream-faults.ts';
import type { Kline } from '../market/kline.ts';
import type { ToldKline } from '../dialects/dialect.ts';
import { finalKline, isThere, klineAt, type ExchangeState } from './exchange-state.ts';

/** A jump of the clock over more boundaries than this pushes only the last ones. */
const MOST_CLOSES_AT_ONCE = 100;

/** All series that open and close together: one timer for them all. */
interface Grid {
  readonly topics: Set<LiveTopic>;
  openTime: EpochMs;
  cancel: () => void;
}

/** Pushes closing frames at the boundaries of the exchange's clock. */
export class CloseScheduler {
  private readonly exchange: ExchangeState;
  private readonly grids = new Map<string, Grid>();

  constructor(exchange: ExchangeState) {
    this.exchange = exchange;
  }

  add(topic: LiveTopic): void {
    this.gridOf(topic).topics.add(topic);
  }

  remove(topic: LiveTopic): void {
    for (const [key, grid] of this.grids) {
      if (!grid.topics.delete(topic) || grid.topics.size > 0) continue;
      grid.cancel();
      this.grids.delete(key);
    }
  }

  private gridOf({ symbol, interval }: LiveTopic): Grid {
    const key = interval === '3d' ? `3d ${String(symbol.anchor % 259_200_000)}` : interval;
    const known = this.grids.get(key);
    if (known !== undefined) return known;
    const openTime = openTimeAt(this.exchange.clock.now(), interval, symbol.anchor);
    const grid: Grid = { topics: new Set(), openTime, cancel: () => undefined };
    this.grids.set(key, grid);
    this.await(grid, interval);
    return grid;
  }

  private await(grid: Grid, interval: Interval): void {
    grid.cancel = this.exchange.clock.at(nextOpenTime(grid.openTime, interval), () => {
      this.closeDue(grid, interval);
      this.await(grid, interval);
    });
  }

  private closeDue(grid: Grid, interval: Interval): void {
    const now = this.exchange.clock.now();
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
      const close = closeInfoOf(topic, openTime);
      const delay = this.delayOf(close) + this.overhangOf(close);
      const batch = batches.get(delay);
      if (batch === undefined) batches.set(delay, [topic]);
      else batch.push(topic);
    }
    for (const [delay, batch] of batches) {
      this.later(delay, () => {
        together(batch, (topic) => { this.close(topic, openTime); }); // prettier-ignore
      });
    }
  }

  /** By how much a candle reaches into the next one, ms: it closes that much later. */
  private overhangOf(close: CloseInfo): number {
    const { closeTime = 0 } = this.exchange.faults.market.oddityOf(close) ?? {};
    return Math.max(0, closeTime + 1 - nextOpenTime(close.openTime, close.interval));
  }

  private delayOf(close: CloseInfo): number {
    const { closeDelayMs } = this.exchange.options;
    if (typeof closeDelayMs === 'number') return closeDelayMs;
    if (typeof closeDelayMs === 'function') return closeDelayMs(close);
    const { min, max } = closeDelayMs ??
      this.exchange.venues.get(close.venue)?.dialect.rules.closeDelayMs ?? { min: 0, max: 0 };
    return Math.floor(min + this.exchange.random() * (max - min));
  }

  private close(topic: LiveTopic, openTime: EpochMs): void {
    const { symbol, interval } = topic;
    if (symbol.hasEnded || topic.subscribers.size === 0) return;
    const kline = finalKline(this.exchange, { symbol, interval, openTime });
    if (kline === undefined || (kline.trades === 0 && this.exchange.options.pushEmptyCloses === false)) return;
    const text = textOf(topic, this.toldAtClose(topic, openTime, kline), this.exchange.clock.now());
    const effect = this.exchange.faults.stream.closes.take(closeInfoOf(topic, openTime));
    const { held } = topic;
    topic.held = undefined;
    this.sendClose(topic, text, effect);
    held?.();
  }

  /** The candle that closes, and its successor where the venue tells both at once. */
  private toldAtClose({ venue, symbol, interval }: LiveTopic, openTime: EpochMs, kline: Kline): readonly ToldKline[] {
    const closing = { kline, closed: true };
    const now = this.exchange.clock.now();
    const successor = { symbol, interval, openTime: nextOpenTime(openTime, interval) };
    if (!venue.dialect.stream.tellsSuccessor || !isThere(this.exchange, successor, now)) return [closing];
    return [closing, { kline: klineAt(this.exchange, successor, now), closed: false }];
  }

  private sendClose(topic: LiveTopic, text: string, effect: CloseEffect | undefined): void {
    const send = (other = text): void => {
      this.exchange.stats.closes++;
      push(topic, other);
    };
    switch (effect?.kind) {
      case 'lose':
        return;
      case 'disorder':
        topic.held = send;
        return;
      case 'delay':
        this.later(effect.ms, send);
        return;
      case 'rewrite':
        send(
          typeof effect.how === 'function' ? effect.how(text) : topic.venue.dialect.stream.rewrite(text, effect.how),
        );
        return;
      case 'double':
        send();
    }
    send();
  }

  private later(delayMs: number, run: () => void): void {
    if (delayMs <= 0) run();
    else this.exchange.clock.at(this.exchange.clock.now() + delayMs, run);
  }
}
