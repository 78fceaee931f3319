import { config } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FeedRig } from '../support/feed-rig.ts';
import { listed } from '../support/fake-market.ts';

const MINUTE = 60_000;
const SERIES = Array.from({ length: 250 }, (_, n) => `S${String(n)}USDT`);
const topicOf = (symbol: string) => `${symbol.toLowerCase()}@kline_1m`;

/** What RxJS reports of handlers that throw, a moment later. */
const reported: unknown[] = [];
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));
beforeAll(() => {
  config.onUnhandledError = (error) => reported.push(error);
});
beforeEach(() => {
  reported.length = 0;
});
afterAll(() => {
  config.onUnhandledError = null;
});

/** A subscriber of each of 250 series, on two connections; `meanwhile` happens in the middle of each burst. */
function market(meanwhile: (rig: FeedRig) => void = () => undefined) {
  const rig = new FeedRig();
  rig.market.symbols = SERIES.map((symbol) => listed(symbol));
  const watching = SERIES.map((symbol) => rig.watch(symbol));
  const told: string[] = [];
  const nameOf = (symbol: string, minute: number) => `${symbol} ${String(minute)}`;
  rig.bus.on('CANDLE_CLOSED').subscribe(({ symbol, candle }) => told.push(nameOf(symbol, candle.timestamp / MINUTE)));
  /** The closes of a minute all at once, and between them open frames of the next. */
  const burst = (minute: number) => {
    for (const [n, symbol] of SERIES.entries()) {
      rig.peer.close(topicOf(symbol), minute * MINUTE);
      for (const session of rig.peer.open) session.kline(topicOf(symbol), (minute + 1) * MINUTE, false);
      if (n === SERIES.length / 2) meanwhile(rig);
    }
  };
  /** So many minutes from 1000 on; nothing happens after the last burst. */
  const run = (minutes: number) => {
    for (let n = 0; n < minutes; n += 1) {
      rig.clock.advance((1001 + n) * MINUTE + 50 - rig.market.now());
      burst(1000 + n);
    }
  };
  const all = (...minutes: number[]) => minutes.flatMap((minute) => SERIES.map((symbol) => nameOf(symbol, minute)));
  return { rig, watching, told, run, all };
}

describe('the closes of a minute, all at once,', () => {
  it('reach everybody in order before the next frame is read, though handlers throw, come, leave and make others leave', async () => {
    const { rig, watching, told, run, all } = market();
    const late: ReturnType<FeedRig['watch']>[] = [];
    for (const [n, symbol] of SERIES.entries()) {
      rig.feed.closedCandles$(symbol, '1m').subscribe(({ timestamp }) => {
        if (n % 2 === 0) throw new Error('a handler broke');
        const next = SERIES[n + 1];
        if (next === undefined || timestamp !== 1001 * MINUTE) return;
        watching[n + 1]?.subscription.unsubscribe();
        late.push(rig.watch(next));
      });
    }
    run(4);
    const left = (n: number) => n % 2 === 0 && n > 0;
    expect(watching.map(({ seen }) => seen.minutes)).toEqual(
      SERIES.map((_, n) => (left(n) ? [1000] : [1000, 1001, 1002, 1003])),
    );
    expect(late.map(({ seen }) => seen.minutes)).toEqual(late.map(() => [1002, 1003]));
    expect(told).toEqual(all(1000, 1001, 1002, 1003));
    expect(rig.market.count('klines')).toBe(0);
    await aMoment();
    expect(reported).toHaveLength(4 * 125);
  });

  it('are neither lost nor repeated where a handler holds everything up for longer than a close may be late', () => {
    // Timers that are overdue by then run before what waits in the socket is read.
    const held = market((rig) => rig.clock.advance(10_000));
    held.run(3);
    expect(held.watching.map(({ seen }) => seen.minutes)).toEqual(SERIES.map(() => [1000, 1001, 1002]));
    expect([...held.told].sort()).toEqual(held.all(1000, 1001, 1002).sort());
    expect(held.rig.market.count('klines')).toBeGreaterThan(0);
  });

  it('end where a handler closes the feed: everybody has a beginning of them and completes, and nothing is left', () => {
    const { rig, watching, told, run, all } = market();
    rig.feed.closedCandles$('S100USDT', '1m').subscribe(({ timestamp }) => {
      if (timestamp === 1001 * MINUTE) rig.feed.close();
    });
    run(3);
    expect(watching.map(({ seen }) => seen.minutes)).toEqual(SERIES.map((_, n) => (n <= 100 ? [1000, 1001] : [1000])));
    expect(watching.every(({ seen }) => seen.completed && seen.error === undefined)).toBe(true);
    expect(told).toEqual([...all(1000), ...all(1001).slice(0, 101)]);
    rig.clock.advance(1000);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });
});
