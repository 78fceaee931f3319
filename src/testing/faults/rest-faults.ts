import type { EpochMs, VenueId } from '../../core/candle.ts';
import { Rules, type Fault, type When } from './rules.ts';

/** One REST request, before it is answered. */
export interface RestRequest {
  readonly venue: VenueId;
  readonly kind: 'klines' | 'time' | 'exchangeInfo' | 'ping' | 'other';
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
}

/** Bodies that no client should trust, each with status 200. */
export type BadBody =
  'html' | 'object' | 'string' | 'empty array' | 'empty' | 'wrong rows' | 'short rows' | 'unordered' | 'null prices';

export type RestEffect =
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Undefined for what the venue writes with this status. */
      readonly body: string | undefined;
      readonly retryAfter: number | undefined;
    }
  | { readonly kind: 'ban in words'; readonly ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'stall' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'bad body'; readonly body: BadBody };

/** What an answer shows of the candles: all zero in good times. */
export interface View {
  /** Answers show the state of this long ago, ms. */
  lagMs: number;
  /** For this long after its close, ms, a row is there but its values may still move. */
  unsettledMs: number;
  /** Probability that a row is left out of one answer. */
  missingRows: number;
  /** Probability that an answer is empty. */
  emptyAnswers: number;
  /** Probability that an answer shows the state of `backMs` ago. */
  backwards: number;
  backMs: number;
}

const GOOD_TIMES: View = { lagMs: 0, unsettledMs: 0, missingRows: 0, emptyAnswers: 0, backwards: 0, backMs: 0 };

/** Faults of the REST side: `exchange.faults.rest`. */
export class RestFaults {
  /** @internal */
  readonly answers: Rules<RestRequest, RestEffect>;
  /** @internal */
  readonly view: View = { ...GOOD_TIMES };
  private readonly random: () => number;

  constructor(random: () => number) {
    this.answers = new Rules(random);
    this.random = random;
  }

  /** Answers with a status: 5xx, 429, 418, 403, 451. `retryAfter` is in seconds. */
  fail(
    status: number,
    when?: When<RestRequest> & { readonly retryAfter?: number | undefined; readonly body?: string | undefined },
  ): Fault {
    return this.answers.add({ kind: 'status', status, body: when?.body, retryAfter: when?.retryAfter }, when);
  }

  /** Bans the client, and says only in the words of a body when the ban ends, `ms` later. */
  banInWords(ms: number, when?: When<RestRequest>): Fault {
    return this.answers.add({ kind: 'ban in words', ms }, when);
  }

  /** Never answers. */
  hang(when?: When<RestRequest>): Fault {
    return this.answers.add({ kind: 'hang' }, when);
  }

  /** Answers correctly, `ms` later, with what was true when it was asked. */
  slow(ms: number, when?: When<RestRequest>): Fault {
    return this.answers.add({ kind: 'slow', ms }, when);
  }

  /** Ends the connection in the middle of a 200. */
  cut(when?: When<RestRequest>): Fault {
    return this.answers.add({ kind: 'cut' }, when);
  }

  /** Sends the headers and half of the body of a 200, and then nothing more. */
  stall(when?: When<RestRequest>): Fault {
    return this.answers.add({ kind: 'stall' }, when);
  }

  /** Resets the TCP connection instead of answering. */
  reset(when?: When<RestRequest>): Fault {
    return this.answers.add({ kind: 'reset' }, when);
  }

  /** Answers 200 with a body that is not what was asked for. */
  badBody(body: BadBody, when?: When<RestRequest>): Fault {
    return this.answers.add({ kind: 'bad body', body }, when);
  }

  /** Klines show the state of `ms` ago; 0 ends it. */
  lag(ms: number): void {
    this.view.lagMs = ms;
  }

  /** For `ms` after its close a row is there but not final; 0 ends it. */
  unsettled(ms: number): void {
    this.view.unsettledMs = ms;
  }

  /** Leaves rows out of some answers, or answers with none: `{ rows: 0.1, answers: 0.05 }`. Left out is 0. */
  flicker({
    rows = 0,
    answers = 0,
  }: {
    readonly rows?: number | undefined;
    readonly answers?: number | undefined;
  }): void {
    this.view.missingRows = rows;
    this.view.emptyAnswers = answers;
  }

  /** With this probability an answer shows the state of `ms` ago: a row of one answer is absent in a later one. 0 ends it. */
  goBack(ms: number, probability: number): void {
    Object.assign(this.view, { backMs: ms, backwards: probability });
  }

  clear(): void {
    this.answers.clear();
    Object.assign(this.view, GOOD_TIMES);
  }

  /** The time as of which klines are shown. @internal */
  asOf(now: EpochMs): EpochMs {
    const { lagMs, backwards, backMs } = this.view;
    return now - lagMs - (backwards > 0 && this.random() < backwards ? backMs : 0);
  }
}
