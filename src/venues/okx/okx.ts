import type { Connector } from '../../ports/connector.ts';
import type { Endpoints } from '../../ports/endpoints.ts';
import { OKX_INTERVALS } from './bars.ts';
import { okxHints } from './hints.ts';
import { okxRest } from './rest.ts';
import { okxStream } from './stream.ts';
import { symbolNameOf } from './symbol-name.ts';

const DAY_MS = 86_400_000;

/**
 * OKX: spot, perpetuals and futures under one namespace of `instId`s, on one socket.
 *
 * A row of REST says itself that it is final, so `settleMs` serves only those that do not. Reads may go back in time: what
 * one answer showed, a later one may lack, so that a candle counts as missing after more answers over a longer time than
 * elsewhere. How late a closing frame comes and at what age a connection is cut has not been measured: the numbers are
 * those of Binance, with a margin for pushes that come once a second.
 *
 * The demo has a socket of its own; over REST a header asks for it.
 *
 * @see https://www.okx.com/docs-v5/en/#overview-production-trading-services and
 *   #overview-demo-trading-services, copies of 2026-07-20
 */
export const okx: Connector & { readonly testnet: Endpoints } = {
  id: 'okx',
  intervals: OKX_INTERVALS,
  endpoints: { stream: 'wss://ws.okx.com:8443', rest: 'https://www.okx.com' },
  testnet: {
    stream: 'wss://wspap.okx.com:8443',
    rest: 'https://www.okx.com',
    restHeaders: { 'x-simulated-trading': '1' },
  },
  timing: { graceMs: 4000, settleMs: 2000, silenceMs: 30_000, rotateAfterMs: 23 * 3_600_000 },
  longestPauseMs: 7 * DAY_MS,
  evidence: {
    emptyIntervals: 'row',
    missingAfter: { answers: 8, overMs: 20_000 },
    missingAfterAnHour: { answers: 5, overMs: 5000 },
  },
  stream: okxStream,
  rest: okxRest,
  symbolOf: symbolNameOf,
  hints: okxHints,
};
