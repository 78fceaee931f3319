import type { SchedulerLike } from 'rxjs';
import type { ReconnectPolicy } from '../../core/backoff.ts';
import type { VenueId } from '../../core/candle.ts';
import type { FeedEvent, WithoutVenue } from '../../core/events.ts';
import type { CcxtExchange } from '../../venues/ccxt/exchange.ts';

export interface CandleWatchOptions {
  readonly exchange: CcxtExchange;
  readonly venue: VenueId;
  /** Of the exchange, for events and errors. */
  readonly url: string;
  readonly reconnect: ReconnectPolicy;
  readonly random: () => number;
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
}
