import { describe, expect, it } from 'vitest';
import { take } from 'rxjs';
import { healthOf } from '../../src/core/health.ts';
import type { FeedStatus, SeriesStatus } from '../../src/core/status.ts';
import { SessionError } from '../../src/ports/session.ts';
import { failure, listed } from '../support/fake-market.ts';
import { FeedRig } from '../support/feed-rig.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const OUTAGE = new SessionError('refused', 'down');

function statusOf(rig: FeedRig): FeedStatus {
  const seen: FeedStatus[] = [];
  rig.feed.status$.pipe(take(1)).subscribe((status) => seen.push(status));
  const [now] = seen;
  return now ?? expect.fail('no status');
}

function seriesOf(rig: FeedRig): SeriesStatus {
  const [series] = statusOf(rig).series;
  return series ?? expect.fail('no series');
}

const healthy = (rig: FeedRig) => healthOf(statusOf(rig)).healthy;
const late = (rig: FeedRig) => healthOf(statusOf(rig)).late;

describe('a series in the status', () => {
  it('is live, on time, and counts what it has delivered, however many subscribe', () => {
    const rig = new FeedRig();
    for (let count = 0; count < 3; count += 1) rig.watch();
    rig.run(2 * MINUTE);
    expect(statusOf(rig).series).toEqual([
      { symbol: 'BTCUSDT', interval: '1m', phase: 'live', candles: 2, lastTimestamp: 1001 * MINUTE, lateMs: 0, reason: null, queued: 0 },
    ]); // prettier-ignore
    expect(healthy(rig)).toBe(true);
  });

  it('is gone with its last subscriber', () => {
    const rig = new FeedRig();
    const { subscription } = rig.watch();
    rig.run(MINUTE);
    subscription.unsubscribe();
    expect(statusOf(rig).series).toEqual([]);
  });

  it('that waits for the clock is starting, and late once that lasts, with the cause', () => {
    const rig = new FeedRig();
    rig.market.failing.time = failure('network');
    rig.peer.manners.refuse = OUTAGE;
    rig.watch();
    rig.run(13 * SECOND);
    expect(seriesOf(rig)).toMatchObject({ phase: 'starting', lateMs: 13 * SECOND });
    expect(healthy(rig)).toBe(true);
    rig.run(2 * SECOND);
    const [one] = late(rig);
    expect(one).toEqual({ symbol: 'BTCUSDT', interval: '1m', lateMs: 15 * SECOND, reason: 'waiting for the clock: REST: network' }); // prettier-ignore
  });

  it('goes on over REST while it is not carried, and is no later than it may be', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(2 * MINUTE);
    rig.peer.manners.refuse = OUTAGE;
    rig.peer.last.end();
    rig.run(2 * MINUTE);
    expect(seriesOf(rig)).toMatchObject({ phase: 'over rest', candles: 4, lateMs: 0 });
    expect(healthy(rig)).toBe(true);
  });

  it('that neither stream nor REST delivers is late after grace and ten seconds, with the cause, and well again afterwards', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(30 * SECOND + 500);
    rig.peer.manners.refuse = OUTAGE;
    rig.peer.last.end();
    rig.market.failing.klines = failure('server');
    // The candle that runs now is over in a minute.
    rig.run(MINUTE + 13 * SECOND);
    expect(healthy(rig)).toBe(true);
    rig.run(1500);
    const [one] = late(rig);
    expect(one).toMatchObject({ symbol: 'BTCUSDT', interval: '1m', reason: 'REST: server: server (example.test)' });
    expect(one?.lateMs).toBeGreaterThan(14_000);
    rig.market.failing = {};
    rig.run(MINUTE);
    expect(healthy(rig)).toBe(true);
  });

  it('that the stream has forgotten is silent', () => {
    const rig = new FeedRig();
    for (let minute = 1001; minute < 1010; minute += 1) rig.unsent.add(minute);
    rig.watch();
    rig.run(4 * MINUTE + 10 * SECOND);
    expect(seriesOf(rig)).toMatchObject({ phase: 'silent' });
  });

  it('is catching up while its past is read, and late where no page of that comes', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(10 * SECOND);
    rig.market.failing.klines = failure('network');
    rig.watch('BTCUSDT', { since: 900 * MINUTE });
    rig.run(9 * SECOND);
    expect(seriesOf(rig)).toMatchObject({ phase: 'catching up' });
    expect(healthy(rig)).toBe(true);
    rig.run(2 * SECOND);
    const [one] = late(rig);
    expect(one?.reason).toMatch(/^waiting for the page of the past: REST: network/);
    rig.run(MINUTE);
    expect(seriesOf(rig).queued).toBe(1);
    rig.market.failing = {};
    rig.run(MINUTE);
    expect(seriesOf(rig)).toMatchObject({ phase: 'live', queued: 0 });
  });

  it('whose symbol is paused is not late', () => {
    const rig = new FeedRig();
    rig.market.symbols = [listed('BTCUSDT', { phase: 'paused', status: 'HALT' })];
    rig.market.end = 1001;
    for (let minute = 1001; minute < 1010; minute += 1) rig.unsent.add(minute);
    rig.watch();
    rig.run(3 * MINUTE);
    expect(seriesOf(rig)).toMatchObject({ phase: 'paused' });
    expect(seriesOf(rig).lateMs).toBeGreaterThan(MINUTE);
    expect(healthy(rig)).toBe(true);
  });
});

describe('the status counts', () => {
  it('a close that comes after it was fetched as late, and one that comes twice as a duplicate', () => {
    const rig = new FeedRig();
    rig.unsent.add(1000);
    rig.watch();
    rig.run(MINUTE);
    rig.peer.close('btcusdt@kline_1m', 1000 * MINUTE);
    expect(statusOf(rig)).toMatchObject({ rescued: 1, late: 1, duplicates: 0 });
    rig.run(MINUTE);
    rig.peer.close('btcusdt@kline_1m', 1001 * MINUTE);
    expect(statusOf(rig)).toMatchObject({ late: 1, duplicates: 1 });
  });

  it('frames, those that cannot be understood apart', () => {
    const rig = new FeedRig();
    rig.watch();
    rig.run(MINUTE);
    const { framesReceived, framesRejected } = statusOf(rig);
    rig.peer.last.kline('btcusdt@kline_1m', 1001 * MINUTE, true);
    rig.peer.last.say('?');
    const later = statusOf(rig);
    expect([later.framesReceived - framesReceived, later.framesRejected - framesRejected]).toEqual([1, 1]);
  });

  it('symbols that have stopped trading', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch();
    rig.run(MINUTE);
    rig.market.symbols = [listed('BTCUSDT', { phase: 'ended', status: 'SETTLING' })];
    rig.market.end = 1001;
    rig.unsent.add(1001);
    rig.run(7 * MINUTE);
    expect(seen.completed).toBe(true);
    expect(statusOf(rig)).toMatchObject({ completed: 1, series: [] });
  });
});
