import type { SchedulerLike } from 'rxjs';
import type { ReconnectPolicy } from '../core/backoff.ts';
import { rulesFor } from '../core/page.ts';
import type { Connector } from '../ports/connector.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import type { OpenSession$ } from '../ports/session.ts';
import { announcedConnects } from './announced-connects.ts';
import type { ConnectRateLimiter } from './connection/connect-rate-limiter.ts';
import type { CandleStreamOptions } from './connection/connection-context.ts';
import { candleStream } from './connection/connection-pool.ts';
import { redundantLines } from './connection/redundant-lines.ts';
import type { CandleFeedParts, StreamContext } from './wiring.ts';

/** What the engine needs to speak with a venue itself, as its connector says. Explicit: no defaults. */
export interface ConnectorFeedParts extends Omit<CandleFeedParts, 'venue' | 'restUrl' | 'pagingOf' | 'streamWith'> {
  readonly venue: Connector;
  readonly endpoints: Endpoints;
  /** How many connections carry each series. */
  readonly connections: 1 | 2;
  readonly reconnect: ReconnectPolicy;
  readonly silenceMs: number;
  readonly rotateAfterMs: number;
  readonly openSession$: OpenSession$;
  /** Connection attempts by this address to the stream's host. */
  readonly connects: ConnectRateLimiter;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
  /** Called once, for the first running candle without a subscriber that was decoded in full. */
  readonly onDecodedInFull: (frame: string) => void;
}

/** The parts of a feed whose sockets and requests are the engine's own. */
export function connectorFeed(parts: ConnectorFeedParts): CandleFeedParts {
  const { venue, endpoints, connections } = parts;
  return {
    ...parts,
    restUrl: endpoints.rest,
    pagingOf: (interval) => rulesFor(venue.rest.paging, interval),
    streamWith: (context) => {
      const options = streamOptionsOf(parts, context);
      return connections === 2 ? redundantLines(options, context.onChanged) : candleStream(options);
    },
  };
}

function streamOptionsOf(
  {
    venue,
    endpoints,
    connects,
    openSession$,
    random,
    reconnect,
    silenceMs,
    rotateAfterMs,
    onDecodedInFull,
    wallClockNow,
  }: ConnectorFeedParts,
  { waits, clock, scheduler, publish }: StreamContext,
): CandleStreamOptions {
  return {
    protocol: venue.stream,
    endpoint: endpoints.stream,
    openSession$,
    connects: announcedConnects(connects, waits),
    scheduler,
    random,
    reconnect,
    silenceMs,
    rotateAfterMs,
    publish,
    onDecodedInFull,
    onEventTime: (eventTime) => {
      clock.observe(eventTime);
    },
    exchangeNow: () => (clock.known ? clock.now() : wallClockNow()),
  };
}
