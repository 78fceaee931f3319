import { isUtf8 } from 'node:buffer';
import type { StreamMessage } from '../ports/stream-protocol.ts';
import { isWireObject, type WireObject } from './values.ts';

/** The JSON object that a frame holds, or what is wrong with it. */
export function objectIn(frame: Buffer): WireObject | string {
  if (!isUtf8(frame)) return 'not UTF-8';
  try {
    const value: unknown = JSON.parse(frame.toString('utf8'));
    return isWireObject(value) ? value : 'not a JSON object';
  } catch {
    return 'not a JSON object';
  }
}

export function malformed(reason: string): Extract<StreamMessage, { readonly kind: 'malformed' }> {
  return { kind: 'malformed', reason };
}
