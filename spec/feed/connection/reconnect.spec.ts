import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../../src/core/defaults.ts';
import { GeoBlockedError, ReconnectExhaustedError } from '../../../src/core/errors.ts';
import { SessionError } from '../../../src/ports/session.ts';
import { MINUTE, PoolRig } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';
const refusal = (status = 0, retryAfterMs?: number): SessionError =>
  new SessionError('refused', 'no', { status, retryAfterMs });
const delays = (rig: PoolRig): readonly number[] => rig.of('RECONNECTING').map(({ delayMs }) => delayMs);
const attempts = (rig: PoolRig): readonly number[] => rig.of('RECONNECTING').map(({ attempt }) => attempt);

describe('retrying', () => {
  it('waits 1, 2, 4 … seconds after refused handshakes, at most maxDelayMs', () => {
    const rig = new PoolRig({ reconnect: { ...DEFAULT_RECONNECT, jitter: false, maxDelayMs: 10_000 } });
    rig.peer.manners.refuse = refusal();
    rig.watch('BTCUSDT');
    rig.advance(40_000);
    expect(delays(rig)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
    expect(rig.of('RECONNECTING')[0]).toMatchObject({
      attempt: 1,
      url: 'wss://example.test/market/stream',
      reason: 'refused',
      detail: 'no',
    });
    expect(rig.of('DISCONNECTED')).toEqual([]);
  });

  it('gives up after maxRetries retries in a row, with the cause, and closes everything', () => {
    const rig = new PoolRig({ reconnect: { ...DEFAULT_RECONNECT, jitter: false, maxRetries: 3 } });
    rig.peer.manners.refuse = refusal();
    const [btc, eth] = [rig.watch('BTCUSDT'), rig.watch('ETHUSDT')];
    rig.advance(MINUTE);
    expect(delays(rig)).toEqual([1000, 2000, 4000]);
    expect(rig.peer.sessions).toHaveLength(4);
    for (const told of [btc, eth]) {
      expect(told.error).toBeInstanceOf(ReconnectExhaustedError);
      expect(told.error).toMatchObject({
        attempts: 3,
        cause: { kind: 'refused' },
        url: 'wss://example.test/market/stream',
      });
      expect(told.error?.message).toMatch(/^gave up after 3 reconnects in a row without data from example\.test: no; /);
    }
    expect(rig.stream.snapshot()).toMatchObject({ topics: 0, connections: 0 });
  });

  it('starts afresh for who asks again after it gave up', () => {
    const rig = new PoolRig({ reconnect: { ...DEFAULT_RECONNECT, maxRetries: 1 } });
    rig.peer.manners.refuse = refusal();
    rig.watch('BTCUSDT');
    rig.advance(MINUTE);
    rig.peer.manners.refuse = undefined;
    const again = rig.watch('BTCUSDT');
    rig.advance(100);
    expect(again.isLive).toBe(true);
  });

  it('never gives up when maxRetries is Infinity', () => {
    const rig = new PoolRig({ reconnect: { ...DEFAULT_RECONNECT, maxRetries: Infinity } });
    rig.peer.manners.refuse = refusal();
    const btc = rig.watch('BTCUSDT');
    rig.advance(120 * MINUTE);
    expect(btc.error).toBeUndefined();
    expect(rig.peer.sessions.length).toBeGreaterThan(100);
  });

  it('backs off from a server that accepts, acknowledges and hangs up', () => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    for (const wait of [0, 1, 2, 4, 8]) {
      rig.advance(wait * 1000 + 100);
      rig.peer.last.end(1000);
    }
    expect(attempts(rig)).toEqual([1, 2, 3, 4, 5]);
    expect(btc.story).toHaveLength(10);
  });

  it('sets the count back once data was delivered, unfinished klines included', () => {
    const rig = new PoolRig();
    rig.watch('BTCUSDT');
    rig.peer.manners.chatter = false;
    for (const wait of [0, 1, 2, 4]) {
      rig.advance(wait * 1000 + 100);
      rig.peer.last.end();
    }
    rig.advance(8100);
    rig.peer.last.kline(BTC, MINUTE, false);
    rig.peer.last.end();
    rig.advance(1100);
    rig.peer.last.end();
    expect(attempts(rig)).toEqual([1, 2, 3, 4, 1, 2]);
  });

  it.each([1000, 1001, 1006, 1008, 1011, 1012])('comes back after close code %i', (code) => {
    const rig = new PoolRig();
    const btc = rig.watch('BTCUSDT');
    rig.advance(3000);
    rig.peer.last.end(code);
    rig.advance(3000);
    expect(btc.isLive).toBe(true);
    expect(rig.of('DISCONNECTED')).toMatchObject([{ closeCode: code }]);
  });

  it('backs off from a venue that cuts for broken rules (1008), even while it delivers', () => {
    const rig = new PoolRig();
    rig.watch('BTCUSDT');
    for (const wait of [0, 1, 2, 4]) {
      rig.advance(wait * 1000 + 3000);
      rig.peer.last.end(1008);
    }
    expect(attempts(rig)).toEqual([1, 2, 3, 4]);
  });

  it('takes the end of a quiet session that outlived silenceMs for no failure', () => {
    const rig = new PoolRig({ reconnect: { ...DEFAULT_RECONNECT, jitter: false, maxRetries: 2 } });
    rig.peer.manners.chatter = false;
    const btc = rig.watch('BTCUSDT');
    for (let round = 0; round < 5; round++) {
      rig.advance(31_500);
      for (const session of rig.peer.open) session.end(1001);
    }
    expect(btc.error).toBeUndefined();
    expect(Math.max(...delays(rig))).toBe(1000);
  });

  it.each([429, 418, 503])('honours Retry-After of HTTP %i, for every connection', (status) => {
    const rig = new PoolRig();
    rig.peer.manners.refuse = refusal(status, 90_000);
    rig.watchMany(200);
    rig.advance(100);
    rig.peer.manners.refuse = undefined;
    rig.watch('BTCUSDT');
    rig.advance(89_000);
    expect(rig.peer.sessions).toHaveLength(1);
    rig.advance(2000);
    expect(rig.peer.sessions).toHaveLength(3);
    expect(delays(rig)).toEqual([90_000]);
  });

  it('gives up at once when the location is refused (451)', () => {
    const rig = new PoolRig();
    rig.peer.manners.refuse = refusal(451);
    const btc = rig.watch('BTCUSDT');
    rig.advance(MINUTE);
    expect(btc.error).toBeInstanceOf(GeoBlockedError);
    expect(rig.peer.sessions).toHaveLength(1);
    expect(delays(rig)).toEqual([]);
  });

  it('gives up a handshake that never ends', () => {
    const rig = new PoolRig();
    rig.peer.manners.openMs = Infinity;
    rig.watch('BTCUSDT');
    rig.advance(30_000);
    expect(rig.of('RECONNECTING')).toMatchObject([{ attempt: 1, reason: 'refused' }]);
  });
});
