import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { BybitVenue } from '../../../src/venues/bybit/symbol-name.ts';

const ROOT = new URL('../../../../shared/data/bybit/', import.meta.url);

/** Sessions of 2026-08-09 on `linear` and `spot`, and single frames of `linear`; none of `inverse`. */
const FILES: Readonly<Record<BybitVenue, readonly string[]>> = {
  'bybit-linear': ['linear-BTC-SOL-2026-08-09.jsonl', 'kline-linear-2024-06-29.json', 'kline-testnet-2026-09-15.json'],
  'bybit-spot': ['spot-BTC-2026-08-09.jsonl'],
  'bybit-inverse': [],
};

/** Everything that was received, frame by frame. */
export function framesOf(venue: BybitVenue): readonly string[] {
  return FILES[venue].flatMap(framesIn);
}

/** What was received in one session. */
export function sessionOf(venue: BybitVenue): readonly string[] {
  return FILES[venue].slice(0, 1).flatMap(framesIn);
}

function framesIn(file: string): readonly string[] {
  const lines = readFileSync(new URL(file, ROOT), 'utf8').trim().split('\n');
  return file.endsWith('.jsonl') ? lines.flatMap(receivedIn) : lines;
}

/** A recorded REST answer, parsed. */
export function answerIn(file: string): unknown {
  const bytes = readFileSync(new URL(file, ROOT));
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

function receivedIn(line: string): string[] {
  const { t, data } = JSON.parse(line) as { readonly t: string; readonly data: string };
  return t === 'recv' ? [data] : [];
}
