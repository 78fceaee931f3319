import type { SchedulerLike } from 'rxjs';
import type { ReconnectPolicy } from '../../core/backoff.ts';
import type { EpochMs } from '../../core/candle.ts';
import type { FeedEvent, WithoutVenue } from '../../core/events.ts';
import type { CountedCandleStream } from '../../ports/candle-stream.ts';
import type { OpenSession$ } from '../../ports/session.ts';
import type { StreamProtocol, Topic } from '../../ports/stream-protocol.ts';
import type { ConnectRateLimiter } from './connect-rate-limiter.ts';
import type { StreamCounters } from './stream-counters.ts';

export interface CandleStreamOptions {
  readonly protocol: StreamProtocol;
  /** The venue's stream host, as `protocol.urlOf` takes it. */
  readonly endpoint: string;
  readonly openSession$: OpenSession$;
  /** Connection attempts by this address to the stream's host. */
  readonly connects: ConnectRateLimiter;
  /** Monotonic: its `now()` measures durations only. */
  readonly scheduler: SchedulerLike;
  /** A number in [0, 1) per call; spreads retries and rotations. */
  readonly random: () => number;
  readonly reconnect: ReconnectPolicy;
  /** How long a connection may deliver no data before it is replaced, ms. */
  readonly silenceMs: number;
  /** Age by which a connection has been replaced, ms. */
  readonly rotateAfterMs: number;
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
  /** Called with the event time of every decoded candle: each close, and one frame of each new connection. */
  readonly onEventTime: (eventTime: EpochMs) => void;
  /** Called with the first running candle without a subscriber that the byte check did not recognize as unfinished. */
  readonly onDecodedInFull?: (frame: string) => void;
  /** Exchange time, ms UTC; planned rotation keeps away from full minutes by it. Default the scheduler's time. */
  readonly exchangeNow?: () => EpochMs;
  /** Whether a planned rotation may begin now. Default always. */
  readonly mayRotate?: () => boolean;
}

export interface ObservableCandleStream extends CountedCandleStream {
  /** Topics acknowledged on an open connection. */
  liveTopics(): ReadonlySet<Topic>;
}

/** What all sessions of one connection need. */
export interface ConnectionContext extends CandleStreamOptions {
  readonly counters: StreamCounters;
  readonly url: string;
}
