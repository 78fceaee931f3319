import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { logNotices$ } from '../../src/cli/log-notices.ts';
import type { LogStatus } from '../../src/log/nats/index.ts';

const away = (attempt: number): LogStatus => ({
  state: 'waiting',
  reason: 'connection refused',
  attempt,
  delayMs: 1000,
});
const CONNECTING: LogStatus = { state: 'connecting' };
const CONNECTED: LogStatus = { state: 'connected', server: '127.0.0.1:4222' };

function told(...statuses: readonly LogStatus[]): readonly string[] {
  const lines: string[] = [];
  logNotices$(from(statuses)).subscribe((line) => lines.push(line));
  return lines;
}

describe('notices about the way to a log', () => {
  it('are none while all is well', () => {
    expect(told({ state: 'idle' }, CONNECTING, CONNECTED, { state: 'closed' })).toEqual([]);
  });

  it('say at once that it is away, again with every tenth attempt, and that it is back', () => {
    const attempts = Array.from({ length: 21 }, (_, index) => away(index + 1));
    expect(told(CONNECTED, ...attempts.flatMap((one) => [CONNECTING, one]), CONNECTED)).toEqual([
      'the log cannot be reached (connection refused); trying again',
      'the log cannot be reached (connection refused, 10 attempts); trying again',
      'the log cannot be reached (connection refused, 20 attempts); trying again',
      'connected to the log at 127.0.0.1:4222',
    ]);
  });

  it('are told anew for each time it goes away', () => {
    expect(told(away(1), CONNECTED, away(1), CONNECTED)).toHaveLength(4);
  });
});
