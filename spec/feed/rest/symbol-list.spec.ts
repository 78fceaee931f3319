import { describe, expect, it } from 'vitest';
import { SymbolList } from '../../../src/feed/rest/symbol-list.ts';
import { failure, FakeMarket, listed, untold } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;

/** A list over a fake market; `asks` says after each reading what the list makes of a symbol. */
function rig(symbol = 'BTCUSDT') {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  const verdicts: string[] = [];
  let asOf = 0;
  const verdict = () => list.verdictOn(symbol, asOf).kind;
  const list = new SymbolList({
    symbols$: () => market.symbols$(),
    scheduler: clock,
    onRead: () => verdicts.push(verdict()),
    onBug: (bug) => expect.fail(String(bug)),
    ...untold,
  });
  return {
    clock,
    market,
    list,
    verdicts,
    verdict,
    /** Somebody subscribes now. */
    asks: () => {
      asOf = clock.now();
      return verdict();
    },
  };
}

describe('a symbol', () => {
  it('is listed as the exchange says', () => {
    const { clock, list, market } = rig();
    market.symbols = [listed('BTCUSDT', { status: 'BREAK', phase: 'paused' })];
    list.refresh(Infinity);
    expect(list.verdictOn('BTCUSDT', 0)).toEqual({ kind: 'not known yet' });
    clock.advance(100);
    expect(list.verdictOn('BTCUSDT', 0)).toEqual({ kind: 'listed', info: market.symbols[0] });
  });

  it('is unlisted only by a second list half a second later', () => {
    const { clock, list, verdicts, market } = rig('NOPEUSDT');
    list.refresh(Infinity);
    clock.advance(519);
    expect(verdicts).toEqual(['not known yet']);
    clock.advance(100);
    expect(verdicts).toEqual(['not known yet', 'unlisted']);
    expect(market.asked).toEqual(['symbols at 0', 'symbols at 520']);
  });

  it('is not unlisted by one list that leaves it out', () => {
    const { clock, list, market, verdicts } = rig();
    list.refresh(Infinity);
    clock.advance(1000);
    const whole = market.symbols;
    market.symbols = [];
    list.refresh(0);
    clock.advance(100);
    market.symbols = whole;
    clock.advance(1000);
    expect(verdicts).toEqual(['listed', 'not known yet', 'listed']);
  });

  it('that is new is looked for in a new list, not in one read before it was asked for', () => {
    const { clock, list, market, asks, verdicts } = rig('NEWUSDT');
    list.refresh(Infinity);
    clock.advance(2 * MINUTE);
    market.symbols = [...market.symbols, listed('NEWUSDT')];
    expect(asks()).toBe('not known yet');
    clock.advance(100);
    expect(verdicts.at(-1)).toBe('listed');
  });

  it('that is new is not unknown for one fresh list without it, after an old one', () => {
    const { clock, list, market, asks, verdicts } = rig('NEWUSDT');
    list.refresh(Infinity);
    clock.advance(4 * MINUTE);
    expect(asks()).toBe('not known yet');
    clock.advance(100);
    market.symbols = [...market.symbols, listed('NEWUSDT')];
    clock.advance(1000);
    expect(verdicts.slice(2)).toEqual(['not known yet', 'listed']);
  });
});

describe('the list', () => {
  it('is read once at a time', () => {
    const { clock, list, market } = rig();
    list.refresh(Infinity);
    list.refresh(0);
    clock.advance(100);
    expect(market.asked).toEqual(['symbols at 0']);
  });

  it('is read again unless it is young enough', () => {
    const { clock, list, market } = rig();
    list.refresh(Infinity);
    clock.advance(10_000);
    list.refresh(60_000);
    list.refresh(Infinity);
    clock.advance(100);
    expect(market.count('symbols')).toBe(1);
    list.refresh(5000);
    expect(market.count('symbols')).toBe(2);
  });

  it('is kept fresh every five minutes while it is in use, and not when it is paused', () => {
    const { clock, list, market } = rig();
    list.refresh(Infinity);
    clock.advance(11 * MINUTE);
    expect(market.count('symbols')).toBe(3);
    list.pause();
    clock.advance(60 * MINUTE);
    expect(market.count('symbols')).toBe(3);
  });

  it('can be paused while it is being read, and read later', () => {
    const { clock, list, verdicts } = rig();
    list.refresh(Infinity);
    list.pause();
    clock.advance(1000);
    expect(verdicts).toEqual([]);
    list.refresh(Infinity);
    clock.advance(1000);
    expect(verdicts).toEqual(['listed']);
  });

  it('that cannot be read is asked for again after 1, 2, 4 … s, at most 30 s, and says so', () => {
    const { clock, list, market, verdicts } = rig();
    market.failing.symbols = failure('server');
    list.refresh(Infinity);
    clock.advance(100_000);
    const times = market.asked.map((asked) => Number(asked.split(' at ')[1]));
    const waits = times.slice(1).map((time, n) => time - (times[n] ?? 0) - 10);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(list.isFailing).toBe(true);
    expect(new Set(verdicts)).toEqual(new Set(['not known yet']));
    market.failing = {};
    clock.advance(40_000);
    expect(list.isFailing).toBe(false);
    expect(verdicts.at(-1)).toBe('listed');
  });

  it('once read is not failing when it cannot be read again', () => {
    const { clock, list, market, verdict } = rig();
    list.refresh(Infinity);
    clock.advance(100);
    market.failing.symbols = failure('timeout');
    clock.advance(10 * MINUTE);
    expect(list.isFailing).toBe(false);
    expect(verdict()).toBe('listed');
  });
});
