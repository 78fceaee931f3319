import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FeedEvent, WithoutVenue } from '../../../src/core/events.ts';
import type { SeriesOutput } from '../../../src/core/series-state.ts';
import { FeedStats } from '../../../src/feed/feed-stats.ts';
import { SymbolList } from '../../../src/feed/rest/symbol-list.ts';
import { MissingLedger } from '../../../src/feed/series/missing-ledger.ts';
import { reportSeries } from '../../../src/feed/series/series-report.ts';
import { candle } from '../../support/candle.ts';
import { FakeMarket, untold } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const OF_SERIES = { symbol: 'BTCUSDT', interval: '1m' } as const;
/** The candle that opens at 5 was fetched. */
const SERIES = { ...OF_SERIES, record: { fetchedUpTo: 5 } };

const stream = { refresh: () => undefined };

function reported(outputs: readonly SeriesOutput[], missing = new MissingLedger()) {
  const events: WithoutVenue<FeedEvent>[] = [];
  const stats = new FeedStats();
  const symbols = new SymbolList({
    symbols$: () => NEVER,
    scheduler: new VirtualClock(),
    onRead: () => undefined,
    onBug: (bug) => expect.fail(String(bug)),
    ...untold,
  });
  for (const output of outputs) {
    reportSeries(output, SERIES, { stats, missing, symbols, stream, publish: (event) => events.push(event) });
  }
  return { events, stats };
}

describe('the bus hears', () => {
  it.each<[string, SeriesOutput, WithoutVenue<FeedEvent>]>([
    ['of candles that the exchange lacks', { kind: 'missing', from: 1, to: 2, reason: 'absent' }, { type: 'CANDLE_MISSING', ...OF_SERIES, from: 1, to: 2, reason: 'absent' }],
    ['of candles that no row can be read as', { kind: 'missing', from: 1, to: 2, reason: 'rejected' }, { type: 'CANDLE_MISSING', ...OF_SERIES, from: 1, to: 2, reason: 'rejected' }],
    ['of a past that begins later than asked', { kind: 'truncated', from: 60_000, to: 120_000 }, { type: 'HISTORY_TRUNCATED', ...OF_SERIES, from: 60_000, to: 120_000 }],
    ['of a row that cannot be a candle', { kind: 'rejected', row: { timestamp: 1, row: [1, 'x'], reason: 'why' } }, { type: 'ROW_REJECTED', ...OF_SERIES, timestamp: 1, row: [1, 'x'], reason: 'why' }],
    ['that a series waits', { kind: 'gap opened', from: 1, to: 2, reason: 'why', waitedMs: 0 }, { type: 'GAP_OPENED', ...OF_SERIES, from: 1, to: 2, reason: 'why', waitedMs: 0 }],
    ['that the waiting is over', { kind: 'gap filled', from: 1, to: 2, durationMs: 9 }, { type: 'GAP_FILLED', ...OF_SERIES, from: 1, to: 2, durationMs: 9 }],
    ['of a late close', { kind: 'rescued', timestamp: 1, lateMs: 9 }, { type: 'CLOSE_RESCUED', ...OF_SERIES, timestamp: 1, lateMs: 9 }],
    ['of a silent stream', { kind: 'silent', since: 1 }, { type: 'SERIES_SILENT', ...OF_SERIES, since: 1 }],
  ])('%s', (_, output, event) => {
    expect(reported([output]).events).toEqual([event]);
  }); // prettier-ignore

  it('nothing of what is the series’ own business', () => {
    const own: SeriesOutput[] = [
      { kind: 'deliver', candle: candle(1) },
      { kind: 'duplicate', timestamp: 1 },
      { kind: 'read', from: 1, before: 2, doubtful: false, pages: 1 },
      { kind: 'cancel' },
      { kind: 'find first open', next: 0, known: undefined },
      { kind: 'done' },
    ];
    expect(reported(own).events).toEqual([]);
  });
});

describe('the status counts', () => {
  const opened = (waitedMs: number): SeriesOutput => ({ kind: 'gap opened', from: 1, to: 2, reason: '', waitedMs });
  const filled: SeriesOutput = { kind: 'gap filled', from: 1, to: 2, durationMs: 9 };

  it.each<[string, SeriesOutput[], Partial<FeedStats>]>([
    ['a gap once, however often it is told', [opened(0), opened(10_000), opened(20_000)], { openGaps: 1, filled: 0 }],
    ['a gap that nobody waits for any more as neither', [opened(0), { kind: 'gap left' }], { openGaps: 0, filled: 0 }],
    ['a gap that is over as filled', [opened(0), filled, opened(0)], { openGaps: 1, filled: 1 }],
    ['late closes', [{ kind: 'rescued', timestamp: 1, lateMs: 9 }], { rescued: 1 }],
    ['closes that came again, and those that had been fetched', [{ kind: 'duplicate', timestamp: 5 }, { kind: 'duplicate', timestamp: 6 }, { kind: 'duplicate', timestamp: 6 }], { duplicates: 2, late: 1 }],
    ['a range that the exchange lacks, and its candles', [{ kind: 'missing', from: 0, to: 120_000, reason: 'absent' }], { missing: 1, missingCandles: { absent: 3, rejected: 0, 'no trades': 0 } }],
  ])('%s', (_, outputs, expected) => {
    expect(reported(outputs).stats).toMatchObject(expected);
  }); // prettier-ignore
});

describe('candles that the exchange lacks are told once', () => {
  const MINUTE = 60_000;
  const range = (from: number, to: number) => ({ from: from * MINUTE, to: to * MINUTE });

  it('however many subscriptions of a series come across them', () => {
    const missing = new MissingLedger();
    const missingFrom = (from: number, to: number): SeriesOutput => ({
      kind: 'missing',
      ...range(from, to),
      reason: 'absent',
    });
    const output = missingFrom(10, 30);
    expect(reported([output, output, missingFrom(20, 30)], missing).events).toHaveLength(1);
    expect(reported([output], missing)).toMatchObject({ events: [], stats: { missing: 0 } });
  });

  it.each<[string, readonly (readonly [number, number])[], readonly [number, number], readonly (readonly [number, number])[]]>([
    ['all of a range that is new', [], [10, 30], [[10, 30]]],
    ['nothing of one that is known', [[5, 40]], [10, 30], []],
    ['nothing of one that is known in parts', [[10, 20], [21, 30]], [10, 30], []],
    ['what lies before and after the known', [[15, 20]], [10, 30], [[10, 14], [21, 30]]],
    ['what lies between two known ones', [[5, 12], [28, 35]], [10, 30], [[13, 27]]],
    ['what overlaps one in part', [[25, 40]], [10, 30], [[10, 24]]],
    ['all but the open time that it shares with one', [[5, 10], [30, 40]], [10, 30], [[11, 29]]],
    ['what only touches one', [[31, 40], [1, 9]], [10, 30], [[10, 30]]],
  ])('and %s', (_, known, [from, to], news) => {
    const ledger = new MissingLedger();
    for (const [a, b] of known) ledger.add('BTCUSDT', '1m', range(a, b));
    expect(ledger.add('BTCUSDT', '1m', range(from, to))).toEqual(news.map(([a, b]) => range(a, b)));
    expect(ledger.add('BTCUSDT', '1m', range(from, to))).toEqual([]);
  }); // prettier-ignore

  it('and so is a row that cannot be a candle', () => {
    const ledger = new MissingLedger();
    const rejected: SeriesOutput = { kind: 'rejected', row: { timestamp: 1, row: [1], reason: '' } };
    expect(reported([rejected, rejected], ledger).events).toHaveLength(1);
    expect(ledger.reject('BTCUSDT', '1m', 1)).toBe(false);
    expect(ledger.reject('BTCUSDT', '1m', 2)).toBe(true);
    expect(ledger.reject('BTCUSDT', '5m', 1)).toBe(true);
    expect(ledger.reject('ETHUSDT', '1m', 1)).toBe(true);
  });

  it('and what one series lacks is news of another', () => {
    const ledger = new MissingLedger();
    ledger.add('BTCUSDT', '1m', range(10, 30));
    expect(ledger.add('ETHUSDT', '1m', range(10, 30))).toHaveLength(1);
    expect(ledger.add('BTCUSDT', '5m', range(10, 30))).toHaveLength(1);
  });
});

describe('the symbol list is looked at again', () => {
  const late: SeriesOutput = { kind: 'read', from: 1, before: 2, doubtful: false, pages: 1 };
  const doubtful: SeriesOutput = { ...late, doubtful: true };
  const flat: SeriesOutput = { kind: 'deliver', candle: candle(1, { source: 'backfill', volume: 0, trades: null }) };

  it.each<[string, SeriesOutput, number, boolean]>([
    ['when a close is late', late, 60_000, true],
    ['not when a close is late and the list is young', late, 59_000, false],
    ['soon when REST does not show the close either', doubtful, 3000, true],
    ['soon when nothing was traded in a fetched candle', flat, 3000, true],
    [
      'not for a candle with volume',
      { kind: 'deliver', candle: candle(1, { source: 'backfill', trades: null }) },
      100_000,
      false,
    ],
    ['not for a candle that the stream sent', { kind: 'deliver', candle: candle(1, { volume: 0 }) }, 100_000, false],
  ])('%s', (_, output, ageMs, again) => {
    const clock = new VirtualClock();
    const market = new FakeMarket(clock);
    const symbols = new SymbolList({
      symbols$: () => market.symbols$(),
      scheduler: clock,
      onRead: () => undefined,
      onBug: (bug) => expect.fail(String(bug)),
      ...untold,
    });
    symbols.refresh(Infinity);
    clock.advance(20 + ageMs);
    const deps = { stats: new FeedStats(), missing: new MissingLedger(), symbols, stream, publish: () => undefined };
    reportSeries(output, SERIES, deps);
    expect(market.count('symbols')).toBe(again ? 2 : 1);
  });
});
