import type { Beginning } from '../../core/closed-candles-options.ts';
import type { CheckedSpan } from '../../core/history-span.ts';
import { historyOf, spanOf } from './subscriber-history.ts';
import { HistorySubscriber, type SubscriberHistory } from './history-subscriber.ts';
import { LiveSubscriber, type SeriesSubscriber } from './series-subscriber.ts';
import { type Delivery } from './delivery.ts';
import type { Series } from './series.ts';

export interface Joining {
  /** Local time at which `subscribe` was called. */
  readonly subscribedAt: number;
  /** The past, and what closed meanwhile, have been delivered. */
  readonly onCaughtUp?: () => void;
}

/** One subscription of a live series, not joined to it yet. */
export function newSubscriber(
  series: Series,
  delivery: Delivery,
  { beginning, ...joining }: Joining & { readonly beginning: Beginning },
): SeriesSubscriber {
  const { subscribedAt = joining.subscribedAt } = beginning;
  if (beginning.history === 0 && beginning.since === undefined)
    return new LiveSubscriber(delivery, subscribedAt, series.next);
  return warm(series, delivery, {
    ...joining,
    subscribedAt,
    past: historyOf(series.past(), { ...beginning, subscribedAt }),
  });
}

/** One subscription of a span of the past. */
export function newReader(
  series: Series,
  delivery: Delivery,
  { span, ...joining }: Joining & { readonly span: CheckedSpan },
): SeriesSubscriber {
  return warm(series, delivery, { past: spanOf(series.past(), span), ...joining });
}

function warm(
  series: Series,
  delivery: Delivery,
  joining: Joining & { readonly past: SubscriberHistory },
): SeriesSubscriber {
  return new HistorySubscriber(delivery, { notBefore: series.next, nextLive: () => series.next, ...joining });
}
