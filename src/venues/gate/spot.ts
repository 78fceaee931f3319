import { EVIDENCE } from '../../core/missing-rules.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Endpoints } from '../../ports/endpoints.ts';
import { GATE_INTERVALS } from './candle.ts';
import { gateRest } from './rest.ts';
import { gateStream } from './stream.ts';
import { gateHints, symbolNameOf } from './symbol-name.ts';

const WEEK_MS = 7 * 86_400_000;

/**
 * Gate spot. The stream pushes a candle every 2 s; no document says whether it does so without trades, so a minute of silence
 * is normal. How late a close comes, how long a row may change and at what age a connection is cut has not been measured: the
 * values are those of Binance's futures.
 *
 * @see https://www.gate.com/docs/developers/apiv4/ws/en/#server-url and /apiv4/en/#api-base-path, copies of 2026-06-28
 */
export const gateSpot: Connector & { readonly testnet: Endpoints } = {
  id: 'gate-spot',
  intervals: GATE_INTERVALS,
  endpoints: { stream: 'wss://api.gateio.ws/ws/v4', rest: 'https://api.gateio.ws' },
  testnet: { stream: 'wss://ws-testnet.gate.com/v4/ws/spot', rest: 'https://api-testnet.gateapi.io' },
  timing: { graceMs: 4000, settleMs: 2000, silenceMs: 90_000, rotateAfterMs: 23 * 3_600_000 },
  longestPauseMs: WEEK_MS,
  evidence: EVIDENCE,
  stream: gateStream,
  rest: gateRest,
  symbolOf: symbolNameOf,
  hints: gateHints,
};
