import { describe, expect, it } from 'vitest';
import { memoryLog } from 'rx-candles/testing';
import { BTC, minute, minutes } from '../support/stored.ts';
import { appendAll, candleLogContract } from './candle-log.contract.ts';

describe('the log in memory', () => {
  candleLogContract(() => {
    const log = memoryLog();
    // One program's closing is not another's.
    const open = () => Object.assign(Object.create(log) as typeof log);
    return Promise.resolve({ open, stop: () => log.close() });
  });
});
