import { throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../../src/core/defaults.ts';
import { GeoBlockedError, InternalError, ReconnectExhaustedError } from '../../../src/core/errors.ts';
import type { CandleStreamOptions } from '../../../src/feed/connection/connection-context.ts';
import { connectRateLimiter } from '../../../src/feed/connection/connect-rate-limiter.ts';
import { SessionError } from '../../../src/ports/session.ts';
import type { FakeSession } from '../../support/fake-sessions.ts';
import { MINUTE, PoolRig } from '../../support/pool-rig.ts';

const BTC = 'btcusdt@kline_1m';
const HOUR = 60 * MINUTE;

/** Two lines that both carry BTCUSDT. */
function carried(options: Partial<CandleStreamOptions> = {}) {
  const rig = new PoolRig(options, 2);
  const btc = rig.watch('BTCUSDT');
  rig.advance(5000);
  const [first, second] = rig.peer.sessions as [FakeSession, FakeSession];
  return { rig, btc, first, second };
}

describe('a series on two connections', () => {
  it('is live with the first, gets the second a second later, and tells the two apart', () => {
    const { rig, btc } = carried();
    expect(btc.story).toEqual(['live 20']);
    expect(rig.peer.sessions.map(({ openedAt, topics }) => [openedAt, ...topics])).toEqual([[0, BTC], [1000, BTC]]); // prettier-ignore
    expect(rig.of('CONNECTED')).toMatchObject([
      { connection: 1, line: 1 },
      { connection: 2, line: 2 },
    ]);
  });

  it('gets each close once, by whichever brings it first, in whatever order', () => {
    const { btc, first, second } = carried();
    first.kline(BTC, MINUTE, true);
    second.kline(BTC, MINUTE, true);
    second.kline(BTC, 3 * MINUTE, true);
    second.kline(BTC, 2 * MINUTE, true);
    for (const minute of [2, 3, 4]) first.kline(BTC, minute * MINUTE, true);
    expect(btc.closes.map((time) => time / MINUTE)).toEqual([1, 3, 2, 4]);
  });

  it('hears nothing of the loss of one, and goes on with the other', () => {
    const { rig, btc, first, second } = carried();
    first.end();
    rig.advance(500);
    second.kline(BTC, MINUTE, true);
    rig.advance(5000);
    second.end();
    rig.advance(500);
    rig.peer.last.kline(BTC, 2 * MINUTE, true);
    expect(btc).toMatchObject({ story: ['live 20'], closes: [MINUTE, 2 * MINUTE] });
    expect(rig.of('DISCONNECTED').map(({ line }) => line)).toEqual([1, 2]);
    expect(rig.of('RECONNECTING').map(({ line }) => line)).toEqual([1, 2]);
  });

  it('is lost with both, and live with the first that is back', () => {
    const { rig, btc, first, second } = carried();
    first.end();
    rig.advance(100);
    second.end();
    rig.advance(5000);
    expect(btc.story).toEqual(['live 20', 'lost 5100', 'live 6020']);
  });

  it('says how many series both carry, and when that changes', () => {
    const { rig, first } = carried();
    rig.watch('ETHUSDT');
    rig.advance(500);
    expect(rig.stream.snapshot()).toMatchObject({ connections: 2, topics: 2, live: 2, redundant: 1 });
    rig.advance(1000);
    expect(rig.stream.snapshot()).toMatchObject({ topics: 2, live: 2, redundant: 2 });
    const before = rig.changes;
    first.end();
    expect(rig.stream.snapshot()).toMatchObject({
      ...{ connections: 1, topics: 2, live: 2, redundant: 0 },
      reconnects: { 'closed by peer': 1 },
    });
    expect(rig.changes - before).toBe(2);
  });

  it('leaves nothing behind when its last listener goes, before the second line has begun too', () => {
    const { rig, btc } = carried();
    btc.watch?.stop();
    const eth = rig.watch('ETHUSDT');
    rig.advance(500);
    eth.watch?.stop();
    rig.advance(MINUTE);
    expect(rig.peer.open).toEqual([]);
    expect(rig.peer.sessions).toHaveLength(2);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });
});

describe('two lines', () => {
  it('draw on one budget of connection attempts', () => {
    const connects = connectRateLimiter({ limit: 5, windowMs: 300_000 });
    const rig = new PoolRig({ connects }, 2);
    rig.watchMany(800);
    rig.advance(MINUTE);
    expect(rig.peer.sessions).toHaveLength(5);
    expect(rig.stream.snapshot()).toMatchObject({ live: 800, redundant: 200 });
  });

  it('come back one after the other where both were lost at once', () => {
    let seed = 1;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const { rig } = carried({ reconnect: DEFAULT_RECONNECT, random });
    for (let round = 0; round < 10; round++) {
      for (const session of rig.peer.open) session.end();
      rig.advance(5000);
    }
    const delays = (line: number) =>
      rig.of('RECONNECTING').flatMap((event) => (event.line === line ? event.delayMs : []));
    expect([delays(1).length, delays(2).length]).toEqual([10, 10]);
    expect(Math.max(...delays(1))).toBeLessThan(750);
    expect(Math.min(...delays(2))).toBeGreaterThanOrEqual(750);
  });

  it('never rotate at the same time', () => {
    const { rig, btc } = carried({ rotateAfterMs: 20_000 });
    let most = 0;
    for (let second = 0; second < 3600; second++) {
      rig.advance(1000);
      most = Math.max(most, rig.peer.open.length);
    }
    expect(rig.peer.sessions.length).toBeGreaterThan(300);
    expect(most).toBe(3);
    expect(btc.story).toEqual(['live 20']);
  });
});

describe('a line that has given up', () => {
  const reconnect = { ...DEFAULT_RECONNECT, jitter: false, maxRetries: 1, maxDelayMs: 30_000 };

  it.each([
    ['exhausted', new SessionError('refused', 'busy')],
    ['refused for its place', new SessionError('refused', 'not here', { status: 451 })],
  ])('(%s) does not end the series, and is begun anew while the other lives', (_, refusal) => {
    const { rig, btc, first, second } = carried({ reconnect });
    rig.peer.manners.refuse = refusal;
    first.end();
    rig.advance(MINUTE);
    second.kline(BTC, MINUTE, true);
    expect(btc).toMatchObject({ story: ['live 20'], closes: [MINUTE], error: undefined });
    rig.peer.manners.refuse = undefined;
    rig.advance(32_000);
    second.end();
    rig.advance(100);
    rig.peer.last.kline(BTC, 2 * MINUTE, true);
    expect(btc).toMatchObject({ story: ['live 20'], closes: [MINUTE, 2 * MINUTE], error: undefined });
  });

  it.each([
    [ReconnectExhaustedError, new SessionError('refused', 'busy')],
    [GeoBlockedError, new SessionError('refused', 'not here', { status: 451 })],
  ])('ends the series with the other that does too: %o', (kind, refusal) => {
    const { rig, btc } = carried({ reconnect });
    rig.peer.manners.refuse = refusal;
    for (const session of rig.peer.open) session.end();
    rig.advance(10_000);
    expect(btc.error).toBeInstanceOf(kind);
    rig.advance(HOUR);
    expect(rig.peer.open).toEqual([]);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('counts no more once it has been live again', () => {
    const { rig, btc, first, second } = carried({ reconnect });
    rig.peer.manners.refuse = new SessionError('refused', 'busy');
    first.end();
    rig.advance(10_000);
    rig.peer.manners.refuse = undefined;
    rig.advance(MINUTE);
    rig.peer.manners.refuse = new SessionError('refused', 'busy');
    second.end();
    rig.advance(10_000);
    expect(btc.story).toEqual(['live 20']);
  });

  it('for a bug of ours ends the series at once', () => {
    let isBroken = false;
    const bug = throwError(() => new TypeError('broken'));
    const rig: PoolRig = new PoolRig({ openSession$: (url) => (isBroken ? bug : rig.peer.openSession$(url)) }, 2);
    const btc = rig.watch('BTCUSDT');
    rig.advance(5000);
    isBroken = true;
    rig.peer.sessions[0]?.end();
    rig.advance(2000);
    expect(btc.error).toBeInstanceOf(InternalError);
    expect(rig.peer.open).toEqual([]);
  });
});

describe('a silent series', () => {
  it('is carried anew by the line that does not deliver what the other does', () => {
    const { rig, first } = carried();
    for (const minute of [1, 2, 3]) {
      rig.advance(MINUTE);
      first.kline(BTC, minute * MINUTE, true);
    }
    rig.advance(10_000);
    expect(rig.of('DISCONNECTED')).toMatchObject([{ line: 2, reason: 'silent series' }]);
    expect(rig.of('RECONNECTING')).toMatchObject([{ line: 2, reason: 'silent series' }]);
  });

  it('is carried anew by both where neither delivers it', () => {
    const { rig, btc } = carried();
    btc.watch?.refresh();
    rig.advance(10_000);
    expect(rig.of('DISCONNECTED').map(({ line, reason }) => `${String(line)} ${reason}`)).toEqual([
      '1 silent series',
      '2 silent series',
    ]);
    expect(btc.story).toEqual(['live 20']);
  });
});

describe('updates of the running candle', () => {
  it('hold the series on both lines by themselves', () => {
    const rig = new PoolRig({}, 2);
    const got: number[] = [];
    const updates$ = rig.stream.running$({ symbol: 'BTCUSDT', interval: '1m' });
    const updates = updates$.subscribe(({ candle }) => got.push(candle.timestamp));
    rig.advance(1500);
    for (const [index, session] of rig.peer.sessions.entries()) session.kline(BTC, (index + 5) * MINUTE, false);
    expect(got.slice(-2)).toEqual([5 * MINUTE, 6 * MINUTE]);
    updates.unsubscribe();
    rig.advance(1000);
    expect(rig.peer.open).toEqual([]);
  });

  it('come once, and none that takes the candle back', () => {
    const { btc, first, second } = carried();
    btc.watch?.setRunning(true);
    first.kline(BTC, MINUTE, false);
    second.kline(BTC, MINUTE, false);
    second.kline(BTC, 2 * MINUTE, false);
    first.kline(BTC, MINUTE, false);
    first.kline(BTC, 2 * MINUTE, false);
    expect(btc.running).toEqual([MINUTE, 2 * MINUTE]);
  });

  it('go on with whichever line is left, and with one that was begun anew', () => {
    const { rig, btc, first, second } = carried({
      reconnect: { ...DEFAULT_RECONNECT, maxRetries: 1, maxDelayMs: 5000 },
    });
    btc.watch?.setRunning(true);
    rig.advance(2000);
    rig.peer.manners.refuse = new SessionError('refused', 'busy');
    first.end();
    rig.advance(3000);
    second.kline(BTC, 2 * MINUTE, false);
    rig.peer.manners.refuse = undefined;
    rig.advance(10_000);
    second.end();
    rig.peer.last.kline(BTC, 3 * MINUTE, false);
    expect(btc.running.filter((time) => time > MINUTE)).toEqual([2 * MINUTE, 3 * MINUTE]);
  });
});
