import type { Beginning } from '../../core/closed-candles-options.ts';
import type { CheckedSpan } from '../../core/history-span.ts';
import { historyOf, spanOf } from './subscriber-history.ts';
import {
  LiveSubscriber,
  HistorySubscriber,
  type Delivery,
  type SubscriberHistory,
  type SeriesSubscriber,
} from './series-subscriber.ts';
import type { SeriesHub } from './series-hub.ts';

export interface Joining {
  /** Local time at which `subscribe` was called. */
  readonly subscribedAt: number;
  /** The past, and what closed meanwhile, have been delivered. */
  readonly onCaughtUp?: () => void;
}

/** One subscription of a live series, not joined to it yet. */
export function newSubscriber(
  hub: SeriesHub,
  delivery: Delivery,
  { beginning, ...joining }: Joining & { readonly beginning: Beginning },
): SeriesSubscriber {
  const { subscribedAt = joining.subscribedAt } = beginning;
  if (beginning.history === 0 && beginning.since === undefined)
    return new LiveSubscriber(delivery, subscribedAt, hub.next);
  return warm(hub, delivery, { ...joining, subscribedAt, past: historyOf(hub, { ...beginning, subscribedAt }) });
}

/** One subscription of a span of the past. */
export function newReader(
  hub: SeriesHub,
  delivery: Delivery,
  { span, ...joining }: Joining & { readonly span: CheckedSpan },
): SeriesSubscriber {
  return warm(hub, delivery, { past: spanOf(hub, span), ...joining });
}

function warm(
  hub: SeriesHub,
  delivery: Delivery,
  joining: Joining & { readonly past: SubscriberHistory },
): SeriesSubscriber {
  return new HistorySubscriber(delivery, { notBefore: hub.next, nextLive: () => hub.next, ...joining });
}
