import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Interval } from '../../core/interval.ts';
import type { Cost, RateLimit } from '../../core/rate-limit.ts';
import type { RestRequest } from '../faults/rest-faults.ts';
import type { Garbage, NamedRewrite } from '../faults/stream-faults.ts';
import type { Kline } from '../market/kline.ts';
import type { MarketRules } from '../market/market-rules.ts';
import type { FakeSymbol, SymbolState } from '../market/symbols.ts';
import type { FakeExchangeOptions } from '../options.ts';
import type { LimitBreak } from '../server/stats.ts';

/**
 * One venue in the words of its exchange: data and pure functions. Market, faults and sockets are shared by all venues;
 * whatever two of them say differently is here.
 */
export interface Dialect {
  readonly rules: MarketRules;
  /** What is listed where nobody says otherwise. */
  readonly symbols: readonly (string | FakeSymbol)[];
  /** What stands between the fake exchange's address and what clients append to an endpoint: `/usdm/market`. */
  readonly paths: { readonly stream: string; readonly rest: string };
  readonly stream: StreamDialect;
  readonly rest: RestDialect;
  /** The candle that a client can make of what this venue tells: what it leaves out is null. */
  candleOf(kline: Kline, interval: Interval): CandleValues;
}

export type CandleValues = Omit<Candle, 'venue' | 'symbol' | 'interval' | 'source'>;

/** What a dialect may know of its venue at the moment. */
export interface VenueView {
  /** By their own name. */
  readonly symbols: ReadonlyMap<string, SymbolState>;
  /** The exchange's time. */
  readonly now: EpochMs;
  readonly options: FakeExchangeOptions;
}

/** What a dialect may know of one connection. */
export interface StreamSession extends VenueView {
  readonly topics: ReadonlySet<string>;
  /** Whether candles come in an envelope. */
  readonly combined: boolean;
}

/** What a URL asks for. */
export interface StreamRoute {
  /** False where requests are acknowledged and no candles come. */
  readonly routed: boolean;
  readonly combined: boolean;
  /** Topics named in the URL. */
  readonly topics: readonly string[];
}

/** A client's request, read. */
export interface StreamRequest {
  /** The venue's word: `SUBSCRIBE`. */
  readonly method: string;
  /** The topics that it names, or other parameters, in one text each. */
  readonly params: readonly string[];
  /** The same as they came. */
  readonly raw: readonly unknown[];
  readonly id: unknown;
}

/** A message of a client: a request, or what is answered at once, such as a ping in words or what nobody can read. */
export type ClientMessage =
  | { readonly request: StreamRequest; readonly replies?: undefined }
  | { readonly replies: readonly string[]; readonly request?: undefined };

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** What a request does and is answered with. */
export interface Reaction {
  readonly subscribe?: readonly string[];
  readonly unsubscribe?: readonly string[];
  /** From now on candles come in an envelope, or no longer. */
  readonly combined?: boolean;
  /** Good news, which the fault `swallowAcks` keeps back. */
  readonly acks?: readonly string[];
  /** Complaints, which nothing keeps back. */
  readonly complaints?: readonly string[];
  /** The limit that was broken. */
  readonly broken?: Pick<LimitBreak, 'limit' | 'detail'>;
  readonly close?: Closing;
}

export interface StreamLimits {
  /** Messages that a client may send in any `windowMs`, which of them count, and what happens to one too many. */
  readonly messages: {
    readonly limit: number;
    readonly windowMs: number;
    /** `message`: every text. `request`: those that ask for something. `ping`: WebSocket pings and pongs. */
    readonly counted: readonly ('message' | 'request' | 'ping')[];
    readonly over: Pick<Reaction, 'complaints' | 'close'>;
  };
  /** Connection attempts by one address. */
  readonly attempts: { readonly limit: number; readonly windowMs: number };
  /** The server's own WebSocket pings; null for none. */
  readonly pings: { readonly everyMs: number; readonly pongWithinMs: number } | null;
  /** How long nothing may be sent either way; null for ever. */
  readonly quiet: { readonly ms: number; readonly close: Closing } | null;
}

/** One candle as a frame tells it. */
export interface ToldKline {
  readonly kline: Kline;
  readonly closed: boolean;
}

export interface CandleEvent {
  readonly topic: string;
  readonly symbol: SymbolState;
  readonly interval: Interval;
  /** One, or a candle that closes and its successor. */
  readonly told: readonly ToldKline[];
  /** When the exchange built it, ms UTC. */
  readonly eventTime: EpochMs;
}

export interface StreamDialect {
  /** Undefined for a URL that this venue does not serve. */
  routeOf(url: URL): StreamRoute | undefined;
  readonly limits: StreamLimits;
  read(text: string, session: StreamSession): ClientMessage;
  react(request: StreamRequest, session: StreamSession): Reaction;
  /** Refuses a request in the venue's words: for the fault `rejectRequests`. */
  refuse(request: StreamRequest, error: { readonly code: number; readonly msg: string }, session: StreamSession): readonly string[]; // prettier-ignore
  /** The series that a topic names, whether the venue has it or not; undefined where it names none. */
  seriesOf(topic: string): { readonly symbol: string; readonly interval: string } | undefined;
  /** Whether the frame of a close tells the running candle after it too. */
  readonly tellsSuccessor: boolean;
  candleText(event: CandleEvent): string;
  /** The text in an envelope, for connections that have it. */
  enveloped(topic: string, text: string): string;
  /** Says that the connection will soon be closed; null where the venue never says so. */
  goingAway(session: StreamSession): string | null;
  rewrite(text: string, how: NamedRewrite): string;
  readonly garbage: Readonly<Record<Garbage, string | Buffer>>;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which candles a request asks for. */
export interface CandlesQuery {
  readonly symbol: SymbolState;
  readonly interval: Interval;
  /** First and last open time, both inclusive; undefined for no such end. */
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly limit: number;
  /** Which of them are answered where there are more. */
  readonly keeps: 'oldest' | 'newest';
}

/** A row as an answer tells it. */
export interface ToldRow {
  readonly kline: Kline;
  /** Closed, and past the time in which it may still change. */
  readonly final: boolean;
}

/** A question for candles, and how its answer is written: rows come in rising open time. */
export interface CandlesAsked {
  readonly query: CandlesQuery;
  write(rows: readonly ToldRow[]): RestAnswer;
}

/** A request that is over a limit. */
export interface OverLimit {
  readonly limit: RateLimit;
  readonly retryAfterMs: number;
  /** End of the ban, ms UTC; undefined where the request is only refused. */
  readonly bannedUntil: EpochMs | undefined;
}

export interface RestDialect {
  /** Undefined for a path that this venue does not serve; `other` for one that it answers with an error. */
  kindOf(path: string, query: ReadonlyMap<string, string>): RestRequest['kind'] | undefined;
  /** Venues with one name here share what an address may spend. */
  readonly budget: string;
  limits(options: FakeExchangeOptions): readonly RateLimit[];
  costOf(asked: RestRequest, options: FakeExchangeOptions): Cost;
  /** After how many refusals in a row an address is banned, and for how long. */
  readonly ban: { readonly afterRefusals: number; readonly ms: number };
  overLimit(over: OverLimit, options: FakeExchangeOptions): RestAnswer;
  /** Headers of every answer. */
  headersOf(used: Readonly<Record<string, number>>): Readonly<Record<string, string>>;
  answer(asked: RestRequest, venue: VenueView): RestAnswer | CandlesAsked;
  /** What is written with a status that a script asks for. */
  failureBody(status: number): string;
  /** Says only in words when a ban ends. */
  bannedInWords(until: EpochMs): RestAnswer;
  /** A body of candles with its rows changed. */
  withRows(body: string, change: (rows: readonly (readonly unknown[])[]) => unknown): string;
}
