import { describe, expect, it } from 'vitest';
import { healthOf } from '../../src/core/health.ts';
import type { SeriesStatus, WaitStatus } from '../../src/core/status.ts';
import { feedStatus, seriesStatus } from '../support/feed-status.ts';

const LATE_AFTER = 12_000;
const wait = (changes: Partial<WaitStatus> = {}): WaitStatus => ({ what: 'clock', reason: 'why', waitedMs: 20_000, ...changes }); // prettier-ignore
const health = (series: readonly Partial<SeriesStatus>[], waits: readonly WaitStatus[] = []) =>
  healthOf(feedStatus({ lateAfterMs: LATE_AFTER, series: series.map(seriesStatus), waits }));

describe('a feed is healthy', () => {
  it.each<[string, Partial<SeriesStatus>[], WaitStatus[]]>([
    ['that nobody has subscribed to', [], []],
    ['whose series are no later than they may be', [{ lateMs: LATE_AFTER }, { phase: 'over rest' }], []],
    ['that waits for something of no series that is late', [{}], [wait({ what: 'connections' })]],
    ['whose late symbol is paused at the exchange', [{ phase: 'paused', lateMs: 1e6 }], []],
  ])('%s', (_, series, waits) => {
    expect(health(series, waits)).toMatchObject({ healthy: true, late: [] });
  });
});

describe('a feed is not healthy', () => {
  const named = { symbol: 'BTCUSDT', interval: '1m' };
  it.each<[string, Partial<SeriesStatus>[], WaitStatus[], unknown]>([
    ['with a late series, of which the cause is known', [{ lateMs: 12_001, reason: 'REST: timeout' }, { symbol: 'ETHUSDT' }], [], { ...named, lateMs: 12_001, reason: 'REST: timeout' }],
    ['with one that has not begun, because the feed waits', [{ phase: 'starting', lateMs: 20_000 }], [wait()], { ...named, lateMs: 20_000, reason: 'waiting for the clock: why' }],
    ['with one that has not begun, nobody knows why', [{ phase: 'starting', lateMs: 20_000 }], [], { ...named, lateMs: 20_000, reason: 'it has not begun' }],
    ['with one that cannot read its past', [{ phase: 'catching up' }], [wait({ what: 'page of the past', symbol: 'BTCUSDT', interval: '1m' })], { ...named, lateMs: 20_000, reason: 'waiting for the page of the past: why' }],
    ['that cannot begin any series', [], [wait({ what: 'symbol list' })], { lateMs: 20_000, reason: 'waiting for the symbol list: why' }],
  ])('%s', (_, series, waits, late) => {
    expect(health(series, waits)).toMatchObject({ healthy: false, late: [late] });
  }); // prettier-ignore

  it('when it is closed', () => {
    expect(healthOf(feedStatus({ closed: true })).healthy).toBe(false);
  });
});
