import type { Beginning } from '../../core/closed-candles-options.ts';
import type { CheckedSpan } from '../../core/history-span.ts';
import { pastOf, spanOf } from './past.ts';
import { LiveRecipient, WarmRecipient, type Delivery, type Past, type Recipient } from './recipient.ts';
import type { SeriesHub } from './series-hub.ts';

export interface Joining {
  /** Local time at which `subscribe` was called. */
  readonly subscribedAt: number;
  /** The past, and what closed meanwhile, have been delivered. */
  readonly onCaughtUp?: () => void;
}

/** One subscription of a live series, not joined to it yet. */
export function newRecipient(
  hub: SeriesHub,
  delivery: Delivery,
  { beginning, ...joining }: Joining & { readonly beginning: Beginning },
): Recipient {
  const { subscribedAt = joining.subscribedAt } = beginning;
  if (beginning.history === 0 && beginning.since === undefined)
    return new LiveRecipient(delivery, subscribedAt, hub.next);
  return warm(hub, delivery, { ...joining, subscribedAt, past: pastOf(hub, beginning) });
}

/** One subscription of a span of the past. */
export function newReader(
  hub: SeriesHub,
  delivery: Delivery,
  { span, ...joining }: Joining & { readonly span: CheckedSpan },
): Recipient {
  return warm(hub, delivery, { past: spanOf(hub, span), ...joining });
}

function warm(hub: SeriesHub, delivery: Delivery, joining: Joining & { readonly past: Past }): Recipient {
  return new WarmRecipient(delivery, { notBefore: hub.next, nextLive: () => hub.next, ...joining });
}
