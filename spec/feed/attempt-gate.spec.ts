import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../src/core/backoff.ts';
import { attemptGate } from '../../src/feed/attempt-gate.ts';
import { SessionError } from '../../src/ports/session.ts';
import { PoolRig, MINUTE } from '../support/pool-rig.ts';

describe('connection attempts', () => {
  it('stay below the limit of any five minutes, over all shards, however eager the policy', () => {
    const reconnect = { ...DEFAULT_RECONNECT, initialDelayMs: 10, maxDelayMs: 10, maxRetries: Infinity };
    const rig = new PoolRig({ reconnect });
    rig.peer.manners.refuse = new SessionError('refused', 'no');
    rig.watchMany(2000);
    rig.advance(20 * MINUTE);
    const times = rig.peer.sessions.map(({ openedAt }) => openedAt);
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 5 * MINUTE).length));
    expect(most).toBe(250);
  });

  it('leave a fifth to recovery where they are planned', () => {
    const gate = attemptGate(10);
    for (let now = 0; now < 8; now++) gate.take(now);
    expect(gate.waitMs(10, true)).toBe(5 * MINUTE - 10);
    expect(gate.waitMs(10)).toBe(0);
  });

  it('wait as long as the venue asks', () => {
    const gate = attemptGate(10);
    gate.holdUntil(500);
    gate.holdUntil(300);
    expect(gate.waitMs(100)).toBe(400);
    expect(gate.waitMs(500)).toBe(0);
  });
});
