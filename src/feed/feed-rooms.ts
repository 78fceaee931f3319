import { map, type Observable, type SchedulerLike } from 'rxjs';
import type { ReconnectPolicy } from '../core/backoff.ts';
import type { EpochMs } from '../core/candle.ts';
import type { FeedEvent } from '../core/events.ts';
import type { TimeSample } from '../core/exchange-clock.ts';
import type { MarketData } from '../ports/market-data.ts';
import type { OpenSession$ } from '../ports/session.ts';
import type { Endpoints, Venue } from '../venues/venue.ts';
import type { AttemptGate } from './stream/attempt-gate.ts';
import { candleReader } from './rest/candle-reader.ts';
import { candleStream } from './stream/connection-pool.ts';
import { Deadlines } from './series/deadlines.ts';
import type { EventBus } from './event-bus.ts';
import { FeedClock } from './rest/feed-clock.ts';
import type { FeedStats } from './feed-stats.ts';
import { restGate, type GatedMarketData } from './rest/rest-gate.ts';
import type { HubDeps } from './series/hub-deps.ts';
import { MissingLedger } from './series/series-report.ts';
import { stamped, type StampedMarketData } from './rest/stamped-market-data.ts';
import type { ObservableCandleStream } from './stream/stream-parts.ts';
import { SymbolList } from './rest/symbol-list.ts';
import type { WeightBudget } from './rest/weight-budget.ts';

/** Everything a feed stands on; nothing in it is left to a default. */
export interface CandleFeedParts {
  readonly venue: Venue;
  readonly endpoints: Endpoints;
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
  readonly attemptGate: AttemptGate;
  readonly marketData: MarketData;
  /** The budget of this venue's limit group; `exchangeNow` is the feed's clock. */
  readonly budgetWith: (exchangeNow: () => EpochMs) => WeightBudget;
  /** Monotonic local time. */
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
  /** This machine's idea of the time, for `status$`. */
  readonly wallClockNow: () => EpochMs;
}

/** What the rooms tell the feed. */
export interface RoomListener {
  readonly publish: (event: FeedEvent) => void;
  /** The exchange's clock was learnt, or found to be elsewhere. */
  readonly onClockMoved: () => void;
  /** The symbol list was read, or could not be. */
  readonly onSymbols: () => void;
}

/** The rooms of one feed, joined. `stream` is the same as in `hubDeps`, with what it says of itself. */
export interface FeedRooms {
  readonly hubDeps: HubDeps;
  readonly stream: ObservableCandleStream;
}

/** Joins what all series of a feed share. */
export function openRooms(parts: CandleFeedParts, stats: FeedStats, listener: RoomListener): FeedRooms {
  const { venue, endpoints, scheduler, graceMs, settleMs } = parts;
  const { marketData, stampOf } = stamped(parts.marketData, scheduler);
  const budget = parts.budgetWith(() => clock.now());
  const gate = restGate({ marketData, limits: venue.rest, budget, scheduler });
  const clock = new FeedClock({
    scheduler,
    askTime$: () => timeSample$(gate, stampOf),
    onMoved: listener.onClockMoved,
  });
  const symbols = new SymbolList({ symbols$: () => gate.symbols$(), scheduler, onRead: listener.onSymbols });
  const stream = openStream(parts, clock, listener.publish);
  const klines$: GatedMarketData['klines$'] = (request, priority) => gate.klines$(request, priority);
  const reading = { klines$, stampOf, clock, limits: venue.rest, scheduler };
  const hubDeps: HubDeps = {
    venue,
    restUrl: endpoints.rest,
    graceMs,
    settleMs,
    scheduler,
    clock,
    deadlines: new Deadlines(scheduler, () => clock.now()),
    stats,
    symbols,
    stream,
    missing: new MissingLedger(),
    readerOf: (symbol, interval) => candleReader(symbol, interval, reading),
    publish: listener.publish,
  };
  return { hubDeps, stream };
}

function openStream(
  parts: CandleFeedParts,
  clock: FeedClock,
  publish: RoomListener['publish'],
): ObservableCandleStream {
  const { venue, openSession$, scheduler, random, reconnect, silenceMs, rotateAfterMs } = parts;
  return candleStream({
    venue,
    streamUrl: parts.endpoints.stream,
    openSession$,
    gate: parts.attemptGate,
    scheduler,
    random,
    reconnect,
    silenceMs,
    rotateAfterMs,
    publish,
    onEventTime: (eventTime) => {
      clock.observe(eventTime);
    },
    exchangeNow: () => clock.now(),
  });
}

function timeSample$(gate: GatedMarketData, stampOf: StampedMarketData['stampOf']): Observable<TimeSample> {
  return gate.serverTime$().pipe(map((reply) => ({ serverTime: reply.value, ...stampOf(reply) })));
}
