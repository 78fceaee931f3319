import { describe, expect, it } from 'vitest';
import { detailOf, stateOf } from '../../../src/chart/server/feed-state.ts';
import type { FeedStatus } from '../../../src/index.ts';

const status = (connections: number, streams: number) => ({ connections, streams, clockOffsetMs: 1234 }) as FeedStatus;
const VENUE = { venue: 'binance-usdm' } as const;
const SERIES = { ...VENUE, symbol: 'BTCUSDT', interval: '1m' } as const;

describe('the state of the feed', () => {
  it.each([
    [0, 0, 'lost'],
    [1, 0, 'connecting'],
    [1, 2, 'connected'],
  ])('with %d connections and %d streams is %s', (connections, streams, connection) => {
    const state = stateOf({ status: status(connections, streams), detail: '' });
    expect(state).toEqual({ connection, detail: '', clockOffsetMs: 1200 });
  });

  it('says why in the words of the events', () => {
    const failure = {
      ...VENUE,
      type: 'RECONNECTING',
      url: 'wss://x',
      attempt: 2,
      delayMs: 1500,
      reason: 'refused',
    } as const;
    expect(detailOf(failure)).toBe('refused; attempt 2 in 1.5 s');
    expect(detailOf({ ...failure, detail: 'getaddrinfo ENOTFOUND x' })).toMatch(/^getaddrinfo ENOTFOUND x; /);
    const wait = {
      ...VENUE,
      type: 'WAITING',
      what: 'symbol list',
      reason: 'REST: 503',
      since: 0,
      waitedMs: 10_000,
    } as const;
    expect(detailOf(wait)).toBe('waiting for symbol list for 10 s: REST: 503');
    const gap = { ...SERIES, type: 'GAP_OPENED', from: 0, to: 0, reason: 'REST: 503', waitedMs: 0 } as const;
    expect(detailOf(gap)).toBe('fetching candles of BTCUSDT 1m: REST: 503');
  });

  it('is silent again when the wait is over', () => {
    expect(detailOf({ ...SERIES, type: 'GAP_FILLED', from: 0, to: 0, durationMs: 5 })).toBe('');
    expect(detailOf({ ...VENUE, type: 'CONNECTED', connection: 1, url: 'wss://x' })).toBe('');
  });
});
