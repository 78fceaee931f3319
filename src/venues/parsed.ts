import type { Parsed } from '../ports/connector.ts';

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
