import type { Candle } from '../../src/core/candle.ts';
import type { Interval } from '../../src/core/interval.ts';
import type { Connector, RestRequest } from '../../src/ports/connector.ts';
import type { Endpoints } from '../../src/ports/endpoints.ts';
import type { KlinesRequest, MarketDataFailure } from '../../src/ports/market-data.ts';
import type { CandleMessage, StreamRequest, Topic } from '../../src/ports/stream-protocol.ts';

/** What a frame says, read by nothing but `JSON.parse`. */
export type PlainCandle = Pick<CandleMessage, 'finality' | 'candle'>;

/** A server in the venue's dialect on 127.0.0.1. */
export interface VenueServer extends AsyncDisposable {
  readonly endpoints: Endpoints;
  readonly symbol: string;
  /** One whose next boundary is near. */
  readonly interval: Interval;
  now(): number;
  /** Cuts every connection. */
  drop(): void;
  candleAt(openTime: number): Candle | undefined;
}

/** What the contract has to know of a venue to hold its connector against it. */
export interface Samples {
  readonly connector: Connector;
  /** Fields that the venue does not tell. */
  readonly untold: Partial<Candle>;
  /** One symbol as the venue spells it. */
  readonly symbol: string;
  /** The message that tells these candles, as JSON data: most venues tell one at a time. */
  readonly candlesPerFrame: 1 | 2;
  messageOf(told: readonly PlainCandle[], eventTime: number): unknown;
  /** The same with members or columns that nobody has seen. */
  withMore(message: unknown, more: unknown): unknown;
  /** Event time of the candles of `messageOf`, where the venue tells one. */
  readonly tellsEventTime: boolean;
  /** Recorded frames; none where the recordings are not at hand. */
  recorded(): readonly string[];
  plain(frame: string): readonly PlainCandle[];
  /** What the peer reads in a request. */
  topicsIn(text: string): { readonly id: string; readonly subscribes: boolean; readonly topics: readonly Topic[] };
  /** Limits of one request, as the venue's documents say. */
  readonly request: { readonly topics: number; readonly chars: number };
  acksOf(request: StreamRequest): readonly string[];
  refusalsOf(request: StreamRequest): readonly string[];
  /** What announces the end of a connection; null where the venue announces none. */
  readonly goingAway: string | null;
  /** Requests and what is sent for them. */
  readonly candlesRequests: readonly (readonly [
    KlinesRequest,
    Pick<RestRequest<unknown>, 'path' | 'query' | 'cost'>,
  ])[];
  /** The body of an answer of these candles; the last still runs. */
  bodyOf(candles: readonly Candle[]): unknown;
  /** The body with one row more, of which no candle can be made, that opens at this time after the others. */
  withUnusable(body: unknown, openTime: number): unknown;
  /** Whether the venue itself says of a row that it is final. */
  readonly saysFinal: boolean;
  /** Answers of the venue's own making, by status and body. */
  readonly failures: readonly (readonly [status: number, body: unknown, failure: MarketDataFailure | undefined])[];
  /** What people write, and what it means here. */
  readonly spellings: readonly (readonly [written: string, symbol: string | undefined])[];
  serve(): Promise<VenueServer>;
}
