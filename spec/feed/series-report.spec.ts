import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../src/core/events.ts';
import type { SeriesOutput } from '../../src/core/series-state.ts';
import { FeedStats } from '../../src/feed/feed-stats.ts';
import { SymbolList } from '../../src/feed/symbol-list.ts';
import { MissingLedger, reportSeries } from '../../src/feed/series-report.ts';
import { candle } from '../support/candle.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const OF_SERIES = { symbol: 'BTCUSDT', interval: '1m' } as const;

function reported(outputs: readonly SeriesOutput[], missing = new MissingLedger()) {
  const events: FeedEvent[] = [];
  const stats = new FeedStats();
  const symbols = new SymbolList({ symbols$: () => NEVER, scheduler: new VirtualClock(), onRead: () => undefined });
  for (const output of outputs) {
    reportSeries(output, OF_SERIES, { stats, missing, symbols, publish: (event) => events.push(event) });
  }
  return { events, stats };
}

describe('the bus hears', () => {
  it.each<[string, SeriesOutput, FeedEvent]>([
    ['of candles that the exchange lacks', { kind: 'missing', from: 1, to: 2 }, { type: 'CANDLE_MISSING', ...OF_SERIES, from: 1, to: 2 }],
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
      { kind: 'duplicate' },
      { kind: 'read', from: 1, before: 2, doubtful: false, pages: 1 },
      { kind: 'cancel' },
      { kind: 'find first open' },
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
    ['a gap that is over as filled', [opened(0), filled, opened(0)], { openGaps: 1, filled: 1 }],
    ['late closes', [{ kind: 'rescued', timestamp: 1, lateMs: 9 }], { rescued: 1 }],
    ['closes that came again', [{ kind: 'duplicate' }, { kind: 'duplicate' }], { duplicates: 2 }],
    ['a range that the exchange lacks', [{ kind: 'missing', from: 1, to: 2 }], { missing: 1 }],
  ])('%s', (_, outputs, expected) => {
    expect(reported(outputs).stats).toMatchObject(expected);
  });
});

describe('candles that the exchange lacks are told once', () => {
  it('however many subscriptions of a series come across them', () => {
    const missing = new MissingLedger();
    const range: SeriesOutput = { kind: 'missing', from: 10, to: 30 };
    expect(reported([range, range, { kind: 'missing', from: 20, to: 30 }], missing).events).toHaveLength(1);
    expect(reported([range], missing)).toMatchObject({ events: [], stats: { missing: 0 } });
  });

  it('and of a range that overlaps, only what is news', () => {
    const missing = new MissingLedger();
    const minutes = (from: number, to: number) => ({ from: from * 60_000, to: to * 60_000 });
    expect(missing.add('A', '1m', minutes(10, 30))).toEqual([minutes(10, 30)]);
    expect(missing.add('A', '1m', minutes(40, 40))).toEqual([minutes(40, 40)]);
    expect(missing.add('B', '1m', minutes(10, 30))).toEqual([minutes(10, 30)]);
    expect(missing.add('A', '1m', minutes(8, 45))).toEqual([minutes(8, 9), minutes(31, 39), minutes(41, 45)]);
    expect(missing.add('A', '1m', minutes(8, 45))).toEqual([]);
  });
});
