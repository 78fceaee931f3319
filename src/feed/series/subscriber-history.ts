import { EMPTY, filter, mergeMap, type Observable } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Beginning } from '../../core/closed-candles-options.ts';
import type { CheckedSpan } from '../../core/history-span.ts';
import type { SubscriberHistory } from './history-subscriber.ts';
import type { SeriesPast } from './series-past.ts';
import { lastCandles$, past$ } from './past.ts';

/** The past that one subscription asked for; `subscribedAt` is local time. */
export function historyOf(
  past: SeriesPast,
  { history, since, subscribedAt }: Beginning & { readonly subscribedAt: number },
): SubscriberHistory {
  const between$ = betweenOf(past);
  const last$ = (before: EpochMs, until = before): Observable<Candle> =>
    lastCandles$(history, { before, until }, past.options).pipe(mergeMap((candles) => candles));
  if (since === undefined) return { liveFrom: (from) => from, until$: last$, between$, warmUpEnd: (mark) => mark };
  // A candle that is off the grid may open within the slot of the one that was handled last.
  const firstAfter = Math.floor(since) + 1;
  return {
    liveFrom: (from) => Math.max(from, firstAfter),
    until$: (before) => {
      if (history === 0) return between$(firstAfter, before);
      const lastBefore = Math.min(firstAfter, past.closedBefore(before, subscribedAt));
      return last$(lastBefore, Math.max(lastBefore, before));
    },
    between$,
    warmUpEnd: () => firstAfter,
  };
}

/** The candles that open in a span of the past, and none live. */
export function spanOf(past: SeriesPast, { from, to }: CheckedSpan): SubscriberHistory {
  const read$ = betweenOf(past);
  const isAsked = ({ timestamp }: Candle): boolean => from <= timestamp && timestamp < to;
  const between$: SubscriberHistory['between$'] = (start, before) => read$(start, before).pipe(filter(isAsked));
  return {
    liveFrom: (start) => start,
    until$: (before) => between$(past.grid.at(from), Math.min(before, past.grid.after(to - 1))),
    between$,
    warmUpEnd: () => Infinity,
  };
}

function betweenOf(past: SeriesPast): SubscriberHistory['between$'] {
  return (from, before) => (from < before ? past$(from, before, past.options) : EMPTY);
}
