import type { Candle, EpochMs, NativeVenueId, VenueId } from '../core/candle.ts';
import type { RejectedRow } from '../core/evidence.ts';
import type { Interval } from '../core/interval.ts';
import type { EvidenceRules } from '../core/missing-rules.ts';
import type { PageRules as SpanRules } from '../core/page.ts';
import type { Cost, RateLimit } from '../core/rate-limit.ts';
import type { Endpoints } from './endpoints.ts';
import type { HttpAnswer } from './http-client.ts';
import type { KlinesRequest, MarketDataError, Usage } from './market-data.ts';
import type { StreamProtocol } from './stream-protocol.ts';
import type { SymbolInfo } from './symbol-info.ts';

export type { Cost, RateLimit };

/** A parsed body, or why it is invalid. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** One REST request as data; creating it sends nothing. */
export interface RestRequest<T> {
  readonly method: 'GET';
  /** What follows the endpoint's URL: `/fapi/v1/klines`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly cost: Cost;
  /** @param body - the parsed JSON; undefined where the answer was none */
  parse(body: unknown): Parsed<T>;
}

/** One candle of an answer. */
export interface Row {
  readonly candle: Candle;
  /** Whether the venue marks it as final: then it needs no second read. */
  readonly final: boolean;
}

/** All rows of an answer, in rising open time. */
export interface Rows {
  readonly rows: readonly Row[];
  /** Those of which no candle can be made. */
  readonly rejected: readonly RejectedRow[];
}

/** What one klines request may ask for. */
export interface PageRules extends SpanRules {
  /** Most rows one request may ask for; `pageRows` is the most per cost. */
  readonly maxRows: number;
}

/** A part of the venue's symbol list, or all of it. */
export interface SymbolPage {
  readonly symbols: readonly SymbolInfo[];
  /** Limits reported by the host. */
  readonly limits?: readonly RateLimit[];
  /** Cursor of the next part; absent in the last. */
  readonly next?: string;
}

/** A venue's REST dialect: pure functions and data. */
export interface RestProtocol {
  /** @param now - the exchange's time: some venues serve older candles elsewhere */
  candles(request: KlinesRequest, now: EpochMs): RestRequest<Rows>;
  time(): RestRequest<EpochMs>;
  /** @param cursor - `next` of the page before */
  symbols(cursor?: string): RestRequest<SymbolPage>;
  /**
   * The error that an answer stands for, undefined for a good one. The status alone does not tell: some venues answer
   * 200 with an error inside.
   *
   * @param body - the parsed JSON; undefined where the answer was none
   */
  failureOf(answer: HttpAnswer, body: unknown): MarketDataError | undefined;
  /** What an answer, good or bad, says is used. */
  usageOf(answer: HttpAnswer): Usage;
  readonly paging: PageRules;
  /** What the venue documents of its main host; other hosts say their own. */
  readonly limits: readonly RateLimit[];
  /** Venues with one name here share what an address may spend. */
  readonly budget: string;
}

/** Times of a venue that settings of the same names replace. */
export interface Timing {
  /** How long after its close time a candle may come by itself before REST is asked, ms. */
  readonly graceMs: number;
  /** How long after its close time a REST row may still change, ms. */
  readonly settleMs: number;
  /** How long a connection with topics may deliver no data before it is replaced, ms. */
  readonly silenceMs: number;
  /** Age by which a connection has been replaced, ms: before the venue itself cuts it. */
  readonly rotateAfterMs: number;
}

/** Hints for users who wrote a symbol that the venue does not know. */
export interface SymbolHints {
  /** A symbol as the venue writes it: `BTCUSDT`. */
  readonly example: string;
  /** What was probably meant by a symbol that is not among those listed; empty where nobody knows. */
  hintFor(symbol: string, listed: readonly string[]): string;
}

/** What the engine has to know of a venue, whoever speaks with it. */
export interface Venue {
  readonly id: VenueId;
  /** The candle lengths that it sends, shortest first. */
  readonly intervals: readonly Interval[];
  /** `fetched`: the stream calls no candle closed, every close is read over REST when it is over. Default `pushed`. */
  readonly closes?: 'pushed' | 'fetched';
  /** `unproven`: its long intervals may open at other times than ours, so that a read has to show it. Default `ours`. */
  readonly grids?: 'ours' | 'unproven';
  readonly timing: Timing;
  /** A symbol that is `paused or ended` has ended when its last candle of a minute closed longer ago than this, ms. */
  readonly longestPauseMs: number;
  readonly evidence: EvidenceRules;
  /**
   * The venue's spelling of what a user wrote, in any case or as ccxt's unified symbol.
   * Undefined for a unified symbol that names another kind of market, and for what is no symbol at all.
   */
  symbolOf(written: unknown): string | undefined;
  readonly hints: SymbolHints;
}

/** One exchange market, all of it: data and pure functions, which the engine executes. */
export interface Connector extends Venue {
  readonly id: NativeVenueId;
  readonly endpoints: Endpoints;
  /** Null where it has no test network. */
  readonly testnet: Endpoints | null;
  readonly stream: StreamProtocol;
  readonly rest: RestProtocol;
}
