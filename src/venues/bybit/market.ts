import { EVIDENCE } from '../../core/missing-rules.ts';
import type { Connector } from '../../ports/connector.ts';
import type { Endpoints } from '../../ports/endpoints.ts';
import { symbolHints } from './hints.ts';
import { BYBIT_INTERVALS } from './interval-code.ts';
import { bybitRest } from './rest.ts';
import { bybitStream } from './stream.ts';
import { symbolNameOf, type BybitVenue } from './symbol-name.ts';

const WEEK_MS = 7 * 86_400_000;

const MAIN: Endpoints = { stream: 'wss://stream.bybit.com', rest: 'https://api.bybit.com' };
const TESTNET: Endpoints = { stream: 'wss://stream-testnet.bybit.com', rest: 'https://api-testnet.bybit.com' };

/** All of them have a test network. */
type BybitConnector = Connector & { readonly testnet: Endpoints };

/**
 * A Bybit market: one dialect for all of them, each with a category of its own, which names its socket and is a parameter of
 * REST.
 *
 * Bybit pushes a candle every 1 to 60 s, so that a minute of silence is nothing. Grace and settle time are those of Binance's
 * futures: three closes were recorded, 0.4 to 1.1 s after the minute, and no document says how late one may come or a row
 * change. No age is known at which Bybit cuts a connection. Whether an interval without trades has a row was not seen
 * either, but a candle without volume, at the last price, is sent as soon as one closes.
 *
 * @see https://bybit-exchange.github.io/docs/v5/ws/connect, /v5/websocket/public/kline and /v5/guide, read on 2026-07-24
 */
function bybitMarket(id: BybitVenue): BybitConnector {
  const category = id.slice('bybit-'.length);
  return {
    id,
    intervals: BYBIT_INTERVALS,
    endpoints: MAIN,
    testnet: TESTNET,
    timing: { graceMs: 4000, settleMs: 2000, silenceMs: 90_000, rotateAfterMs: 23 * 3_600_000 },
    // No status of Bybit's may mean both a pause and the end.
    longestPauseMs: WEEK_MS,
    evidence: EVIDENCE,
    stream: bybitStream(id, category),
    rest: bybitRest(id, category),
    symbolOf: (written) => symbolNameOf(written, id),
    hints: symbolHints(id),
  };
}

/** Bybit spot. */
export const bybitSpot = bybitMarket('bybit-spot');

/** Bybit perpetuals and dated futures that are settled in USDT or USDC. */
export const bybitLinear = bybitMarket('bybit-linear');

/** Bybit perpetuals and dated futures that are settled in their base asset: `volume` is in US dollars, one a contract. */
export const bybitInverse = bybitMarket('bybit-inverse');
