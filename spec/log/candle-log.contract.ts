import { filter, firstValueFrom, type Subscription } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Candle } from 'rx-candles';
import type { CandleLog, LogEntry, LogSignal, LogStart, SeriesPattern } from 'rx-candles/nats';
import { MINUTE, START, minute, minutes } from '../support/stored.ts';
import { until } from '../support/until.ts';

/** An engine under test. */
export interface Engine {
  /** One more connection to the same log, which is empty at first. */
  open(): CandleLog;
  stop(): Promise<void>;
}

/** A series of its own for each test, so that all share one log. */
let series = 0;
const nextSymbol = (): string => `T${(series += 1)}USDT`;
const timeOf = (number: number): number => START + number * MINUTE;

/** Appends candles of a chain, the first as the first of its series. */
export async function appendAll(log: CandleLog, candles: readonly Candle[], after?: number): Promise<unknown[]> {
  const answers: unknown[] = [];
  let previous = after;
  for (const candle of candles) {
    answers.push(await log.append(candle, previous));
    previous = candle.timestamp;
  }
  return answers;
}

/** What one reading brings. */
class Heard {
  readonly signals: LogSignal[] = [];
  error: unknown;
  isComplete = false;
  readonly #subscription: Subscription;

  constructor(log: CandleLog, pattern: SeriesPattern | readonly SeriesPattern[], start: LogStart) {
    this.#subscription = log.read$(pattern, start).subscribe({
      next: (signal) => this.signals.push(signal),
      error: (error: unknown) => (this.error = error),
      complete: () => (this.isComplete = true),
    });
  }

  get entries(): readonly LogEntry[] {
    return this.signals.filter((signal) => signal !== 'live');
  }

  get times(): readonly number[] {
    return this.entries.map(({ candle }) => (candle.timestamp - START) / MINUTE);
  }

  async live(): Promise<this> {
    await until(() => this.signals.includes('live'), 'live');
    return this;
  }

  async count(count: number): Promise<this> {
    await until(() => this.entries.length >= count, `${count} entries`);
    return this;
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}

/** What every engine must keep. */
export function candleLogContract(start: () => Promise<Engine>): void {
  let engine: Engine;
  let log: CandleLog;

  beforeAll(async () => {
    engine = await start();
    log = engine.open();
  });
  afterAll(async () => {
    await log.close();
    await engine.stop();
  });

  it('has no tail of a series without candles, and the last candle of any other, in any spelling', async () => {
    const symbol = nextSymbol();
    const one = { venue: 'binance-usdm', symbol, interval: '1m' } as const;
    expect(await log.tail(one)).toBeUndefined();
    await appendAll(log, minutes(3, { symbol }));
    expect(await log.tail({ ...one, symbol: symbol.toLowerCase() })).toEqual(minute(2, { symbol }));
    expect(await log.tail({ ...one, interval: '5m' })).toBeUndefined();
  });

  it('stores the successor of the last candle, once', async () => {
    const symbol = nextSymbol();
    const [a, b] = [minute(0, { symbol }), minute(1, { symbol })];
    expect(await appendAll(log, [a, b])).toEqual(['stored', 'stored']);
    expect(await log.append(b, a.timestamp)).toBe('already');
    expect(await log.append(a, undefined)).toBe('already');
    const heard = await new Heard(log, { symbol }, { since: 0 }).live();
    expect(heard.entries).toEqual([
      { candle: a, previous: null },
      { candle: b, previous: a.timestamp },
    ]);
    heard.stop();
  });

  it('refuses what does not follow, and says where the series ends', async () => {
    const symbol = nextSymbol();
    expect(await log.append(minute(5, { symbol }), timeOf(4))).toEqual({ tail: undefined });
    await appendAll(log, minutes(3, { symbol }));
    expect(await log.append(minute(4, { symbol }), timeOf(3))).toEqual({ tail: timeOf(2) });
    expect(await log.append(minute(4, { symbol }), undefined)).toEqual({ tail: timeOf(2) });
    expect(await log.append(minute(4, { symbol }), timeOf(1))).toEqual({ tail: timeOf(2) });
    expect((await log.tail(minute(0, { symbol })))?.timestamp).toBe(timeOf(2));
  });

  it('stores each candle once, whoever of several is first', async () => {
    const symbol = nextSymbol();
    const others = [engine.open(), engine.open()];
    const answers = await Promise.all([log, ...others].map((one) => appendAll(one, minutes(50, { symbol }))));
    const stored = answers.map((each) => each.filter((answer) => answer === 'stored').length);
    expect(stored.reduce((sum, count) => sum + count)).toBe(50);
    expect(answers.flat().filter((answer) => answer === 'already')).toHaveLength(100);
    const heard = await new Heard(log, { symbol }, { since: 0 }).live();
    expect(heard.times).toEqual(Array.from({ length: 50 }, (_, number) => number));
    heard.stop();
    await Promise.all(others.map((one) => one.close()));
  });

  it('reads what opens after a time, then says so, then what is stored', async () => {
    const symbol = nextSymbol();
    await appendAll(log, minutes(6, { symbol }));
    const heard = await new Heard(log, { symbol }, { since: timeOf(2) }).live();
    expect(heard.times.slice(-3)).toEqual([3, 4, 5]);
    const before = heard.signals.length;
    await appendAll(log, [minute(6, { symbol }), minute(8, { symbol })], timeOf(5));
    await heard.count(before + 1);
    expect(heard.entries.slice(-2)).toEqual([
      { candle: minute(6, { symbol }), previous: timeOf(5) },
      { candle: minute(8, { symbol }), previous: timeOf(6) },
    ]);
    expect(heard.signals.filter((signal) => signal === 'live')).toHaveLength(1);
    expect(Object.isFrozen(heard.entries.at(-1)?.candle)).toBe(true);
    heard.stop();
  });

  it('reads from the end on, which it tells first', async () => {
    const symbol = nextSymbol();
    const empty = await new Heard(log, { venue: 'okx', symbol, interval: '1m' }, 'tail').live();
    await appendAll(log, minutes(3, { symbol }));
    const heard = await new Heard(log, { venue: 'binance-usdm', symbol, interval: '1m' }, 'tail').live();
    expect(heard.signals).toEqual([{ candle: minute(2, { symbol }), previous: timeOf(1) }, 'live']);
    await appendAll(log, [minute(3, { symbol })], timeOf(2));
    await heard.count(2);
    expect(heard.times).toEqual([2, 3]);
    expect(empty.signals).toEqual(['live']);
    for (const one of [heard, empty]) one.stop();
  });

  it('reads many series by what they have in common, those included that begin later', async () => {
    const [a, b, c] = [nextSymbol(), nextSymbol(), nextSymbol()];
    await appendAll(log, minutes(2, { symbol: a, venue: 'ccxt:first' }));
    await appendAll(log, minutes(2, { symbol: b, venue: 'ccxt:first', interval: '5m' }));
    const heard = await new Heard(log, { venue: 'ccxt:first', interval: '1m' }, 'tail').live();
    const both = await new Heard(log, [{ symbol: a }, { symbol: b }], { since: 0 }).live();
    await appendAll(log, minutes(1, { symbol: c, venue: 'ccxt:first' }));
    await appendAll(log, [minute(2, { symbol: a, venue: 'ccxt:first' })], timeOf(1));
    await heard.count(3);
    await both.count(5);
    expect(heard.entries.map(({ candle }) => candle.symbol)).toEqual([a, c, a]);
    expect(both.entries.map(({ candle }) => candle.symbol).toSorted()).toEqual([a, a, a, b, b]);
    for (const one of [heard, both]) one.stop();
  });

  it('keeps whatever a symbol may look like', async () => {
    const symbols = ['BTC/USDT:USDT', '币安人生USDT', '*', '>', 'A.B C', 'A%2FB', "!'()~_-", '1000000:X'];
    for (const symbol of symbols) {
      const one = minute(0, { symbol, venue: 'ccxt:kraken' });
      expect(await log.append(one, undefined)).toBe('stored');
      expect(await log.tail(one)).toEqual(one);
    }
    const heard = await new Heard(
      log,
      symbols.map((symbol) => ({ venue: 'ccxt:kraken', symbol })),
      { since: 0 },
    ).live();
    expect(heard.entries.map(({ candle }) => candle.symbol).toSorted()).toEqual(symbols.toSorted());
    heard.stop();
  });

  it('keeps every value as it is, and what a venue does not tell', async () => {
    const odd = { symbol: nextSymbol(), low: 5e-324, high: 1.7976931348623157e308, volume: 0.1 + 0.2 };
    const one = minute(0, { ...odd, trades: null, quoteVolume: null, takerBuyVolume: null, takerBuyQuoteVolume: null });
    await log.append(one, undefined);
    expect(await log.tail(one)).toEqual(one);
  });

  it('tells whether it can be reached', async () => {
    expect(await firstValueFrom(log.status$.pipe(filter(({ state }) => state === 'connected')))).toBeTruthy();
  });

  it('ends all reading when it is closed, and refuses what comes after', async () => {
    const other = engine.open();
    const symbol = nextSymbol();
    const heard = await new Heard(other, { symbol }, { since: 0 }).live();
    await other.close();
    await other.close();
    expect([heard.isComplete, heard.error]).toEqual([true, undefined]);
    const closed = { name: 'LogError', code: 'FEED_LOG', reason: 'closed' };
    await expect(other.tail(minute(0, { symbol }))).rejects.toMatchObject(closed);
    await expect(other.append(minute(0, { symbol }), undefined)).rejects.toMatchObject(closed);
    const after = new Heard(other, { symbol }, { since: 0 });
    await until(() => after.error !== undefined);
    expect(after.error).toMatchObject(closed);
  });

  it('refuses a pattern that names nothing there can be', () => {
    const bad = { venue: 'nowhere', interval: '7m', pair: 'X' } as unknown as SeriesPattern;
    expect(() => log.read$(bad, 'tail')).toThrow(/venue.*interval|pair/);
    expect(() => log.read$([], 'tail')).toThrow(/at least one/);
  });
}
