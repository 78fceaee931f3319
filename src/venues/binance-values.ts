import type { EpochMs } from '../core/candle.ts';

export type WireObject = Readonly<Record<string, unknown>>;

/** Times at or above this are microseconds (a ms time of the year 2286); interval arithmetic ends there too. */
const TOO_LATE = 1e13;

/** A time in ms that an exchange can have meant. */
export function isTime(value: unknown): value is EpochMs {
  return isCount(value) && value < TOO_LATE;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
