import { expect, it } from 'vitest';
import { EventType } from '../../src/core/events.ts';

it('names each event by itself, so that a name in a log is a constant in code', () => {
  expect(Object.entries(EventType).filter(([name, value]) => name !== value)).toEqual([]);
  expect(EventType.CANDLE_CLOSED).toBe('CANDLE_CLOSED');
});
