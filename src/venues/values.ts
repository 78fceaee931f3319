import type { EpochMs } from '../core/candle.ts';
import type { Parsed } from '../ports/connector.ts';

export type WireObject = Readonly<Record<string, unknown>>;

/** Times at or above this are microseconds (a ms time of the year 2286); interval arithmetic ends there too. */
const TOO_LATE = 1e13;

/** A time in ms that an exchange can have meant. */
export function isTime(value: unknown): value is EpochMs {
  return isCount(value) && value < TOO_LATE;
}

/** The forms a decimal may be written in; no space, no hexadecimal, no word. */
const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** A price or an amount, written as text or as a number; NaN where it cannot be read as a finite one. Zero has no sign. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : NaN;
}

/** A whole number, written as text or as a number; null, not told, where it cannot be read. */
export function countOf(value: unknown): number | null {
  const number = numberOf(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** A time in ms, written as text or as a number; undefined where it cannot be read. */
export function timeOf(value: unknown): EpochMs | undefined {
  const time = numberOf(value);
  return isTime(time) ? time : undefined;
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

export function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function bad(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

/** The beginning of a value, for a reason. */
export function excerptOf(value: unknown): string {
  return JSON.stringify(value ?? null).slice(0, 120);
}
