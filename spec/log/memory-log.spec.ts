import { expect, describe, it } from 'vitest';
import { LogInterrupted, type LogSignal } from 'rx-candles/nats';
import { memoryLog } from 'rx-candles/testing';
import { BTC, minutes } from '../support/stored.ts';
import { appendAll, candleLogContract } from './candle-log.contract.ts';

describe('the log in memory', () => {
  candleLogContract(() => {
    const log = memoryLog();
    return Promise.resolve({ open: () => log.another(), stop: () => log.close() });
  });

  it('loses its end, and interrupts who reads', async () => {
    const log = memoryLog();
    await appendAll(log, minutes(5));
    const signals: LogSignal[] = [];
    let error: unknown;
    log.read$(BTC, 'tail').subscribe({
      next: (signal) => signals.push(signal),
      error: (failure: unknown) => (error = failure),
    });
    log.lose(2);
    expect(error).toBeInstanceOf(LogInterrupted);
    expect((await log.tail(BTC))?.timestamp).toBe(minutes(3).at(-1)?.timestamp);
    expect(log.another().entries).toHaveLength(3);
  });
});
