import { map, type Observable, type SchedulerLike } from 'rxjs';
import type { ReconnectPolicy } from '../core/backoff.ts';
import type { EpochMs } from '../core/candle.ts';
import type { FeedEvent, WithoutVenue } from '../core/events.ts';
import type { TimeSample } from '../core/exchange-clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { OpenSession$ } from '../ports/session.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import type { Connector } from '../ports/connector.ts';
import type { ConnectRateLimiter } from './connection/connect-rate-limiter.ts';
import { candleReader } from './rest/candle-reader.ts';
import { candleStream } from './connection/connection-pool.ts';
import { TimerQueue } from './series/timer-queue.ts';
import type { EventBus } from './event-bus.ts';
import { guardedScheduler, type OnBug } from './guarded.ts';
import { FeedClock } from './rest/feed-clock.ts';
import type { FeedStats } from './feed-stats.ts';
import type { SeriesContext } from './series/series-context.ts';
import { MissingLedger } from './series/missing-ledger.ts';
import { CandleBus } from './series/candle-bus.ts';
import type { CandleStreamOptions, ObservableCandleStream } from './connection/connection-context.ts';
import { redundantLines } from './connection/redundant-lines.ts';
import { SymbolList } from './rest/symbol-list.ts';
import { announcedConnects } from './announced-connects.ts';
import { Waits } from './waits.ts';

/** All dependencies of a feed, explicit: no defaults. */
export interface CandleFeedParts {
  readonly venue: Connector;
  readonly endpoints: Endpoints;
  /** How many connections carry each series. */
  readonly connections: 1 | 2;
  readonly reconnect: ReconnectPolicy;
  readonly graceMs: number;
  readonly settleMs: number;
  readonly silenceMs: number;
  readonly rotateAfterMs: number;
  /** A `since` before this, but for 0, is refused; ms UTC. */
  readonly earliestSince: EpochMs;
  readonly bus: EventBus;
  readonly openSession$: OpenSession$;
  /** Connection attempts by this address to the stream's host. */
  readonly connects: ConnectRateLimiter;
  /** The venue's REST interface, within the host's limits; `exchangeNow` is the feed's clock. */
  readonly restWith: (exchangeNow: () => EpochMs) => MarketData;
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
  /** Called once, for the first running candle without a subscriber that was decoded in full. */
  readonly onDecodedInFull: (frame: string) => void;
  /** The machine's wall clock, for `status$`. */
  readonly wallClockNow: () => EpochMs;
}

/** Callbacks from the parts of a feed. */
export interface WiringListener {
  readonly publish: (event: WithoutVenue<FeedEvent>) => void;
  /** The exchange's clock became known, or was corrected. */
  readonly onClockMoved: () => void;
  /** The symbol list was read, or could not be. */
  readonly onSymbols: () => void;
  /** A part that all series share failed. */
  readonly onBug: OnBug;
}

/** The parts of one feed, wired together. `stream` is the same as in `seriesContext`, with its statistics. */
export interface FeedWiring {
  readonly seriesContext: SeriesContext;
  readonly stream: ObservableCandleStream;
  readonly rest: Pick<MarketData, 'pause'>;
}

/** Constructs what all series of a feed share. */
export function wireFeed(parts: CandleFeedParts, stats: FeedStats, listener: WiringListener): FeedWiring {
  const scheduler = guardedScheduler(parts.scheduler, listener.onBug);
  const now = (): EpochMs => (clock.known ? clock.now() : parts.wallClockNow());
  const waits = new Waits({ scheduler, now, publish: listener.publish });
  const rest = parts.restWith(() => clock.now());
  const { clock, symbols } = openShared(rest, scheduler, { waits, listener });
  const connects = announcedConnects(parts.connects, waits);
  const stream = openStream({ ...parts, scheduler, connects }, clock, { listener, stats });
  const klines$: MarketData['klines$'] = (request, priority) => rest.klines$(request, priority);
  const reading = { klines$, clock, limits: parts.venue.rest.paging, scheduler };
  const { venue, endpoints, graceMs, settleMs } = parts;
  const seriesContext: SeriesContext = {
    venue,
    restUrl: endpoints.rest,
    graceMs,
    settleMs,
    scheduler,
    clock,
    timers: new TimerQueue(scheduler, () => clock.now()),
    stats,
    symbols,
    stream,
    missing: new MissingLedger(),
    candleBus: new CandleBus(listener.publish),
    waits,
    readerOf: (symbol, interval) => candleReader(symbol, interval, reading),
    publish: listener.publish,
  };
  return { seriesContext, stream, rest };
}

/** What all series ask the exchange together. */
function openShared(
  rest: MarketData,
  scheduler: SchedulerLike,
  { waits, listener: { onBug, onClockMoved, onSymbols } }: { waits: Waits; listener: WiringListener },
) {
  const clock = new FeedClock({
    scheduler,
    askTime$: () => timeSample$(rest),
    onMoved: onClockMoved,
    onBug,
    beginWait: () => waits.begin({ what: 'clock' }),
  });
  const symbols = new SymbolList({
    symbols$: () => rest.symbols$(),
    scheduler,
    onRead: onSymbols,
    onBug,
    beginWait: () => waits.begin({ what: 'symbol list' }),
  });
  return { clock, symbols };
}

function openStream(
  parts: CandleFeedParts,
  clock: FeedClock,
  { listener: { publish }, stats }: { listener: WiringListener; stats: FeedStats },
): ObservableCandleStream {
  const { venue, openSession$, scheduler, random, reconnect, silenceMs, rotateAfterMs } = parts;
  const options: CandleStreamOptions = {
    protocol: venue.stream,
    endpoint: parts.endpoints.stream,
    openSession$,
    connects: parts.connects,
    scheduler,
    random,
    reconnect,
    silenceMs,
    rotateAfterMs,
    publish,
    onDecodedInFull: parts.onDecodedInFull,
    onEventTime: (eventTime) => {
      clock.observe(eventTime);
    },
    exchangeNow: () => clock.now(),
  };
  return parts.connections === 2 ? redundantLines(options, () => stats.changed()) : candleStream(options);
}

function timeSample$(rest: MarketData): Observable<TimeSample> {
  return rest.serverTime$().pipe(map(({ value, ...times }) => ({ serverTime: value, ...times })));
}
