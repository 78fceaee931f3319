import { EVIDENCE } from '../../../src/core/missing-rules.ts';
import type { Connector } from '../../../src/ports/connector.ts';
import { toyRest } from './rest.ts';
import { TOY_ID } from './row.ts';
import { toyStream } from './stream.ts';

/** `btc-usd`, `BTC/USD`. */
function symbolOf(written: unknown): string | undefined {
  if (typeof written !== 'string') return undefined;
  const symbol = written
    .trim()
    .toUpperCase()
    .replace(/^([^/:]+)\/([^/:]+)$/, '$1-$2');
  return /^[A-Z0-9]+-[A-Z0-9]+$/.test(symbol) ? symbol : undefined;
}

/** A spot market of another dialect than Binance's, in one folder. */
export const toy: Connector = {
  id: TOY_ID,
  intervals: ['1s', '1m'],
  endpoints: { stream: 'wss://toy.example', rest: 'https://toy.example' },
  testnet: null,
  timing: { graceMs: 1500, settleMs: 400, silenceMs: 30_000, rotateAfterMs: 3_600_000 },
  longestPauseMs: 86_400_000,
  evidence: EVIDENCE,
  stream: toyStream,
  rest: toyRest,
  symbolOf,
  hints: { example: 'BTC-USD', hintFor: () => '' },
};
