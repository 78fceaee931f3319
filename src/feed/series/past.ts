import { EMPTY, mergeMap, type Observable } from 'rxjs';
import type { Candle, EpochMs } from '../../core/candle.ts';
import type { Beginning } from '../../core/closed-candles-options.ts';
import type { Past } from './recipient.ts';
import type { SeriesHub } from './series-hub.ts';
import { lastCandles$, past$ } from './warm-up.ts';

/** The past that one subscription asked for. */
export function pastOf(hub: SeriesHub, { history, since }: Beginning): Past {
  const between$ = (from: EpochMs, before: EpochMs): Observable<Candle> =>
    from < before ? past$(from, before, hub.pastOptions()) : EMPTY;
  if (since === undefined) {
    return {
      liveFrom: (from) => from,
      until$: (before) => lastCandles$(history, before, hub.pastOptions()).pipe(mergeMap((candles) => candles)),
      between$,
    };
  }
  // A candle that is off the grid may open within the slot of the one that was handled last.
  const firstAfter = Math.floor(since) + 1;
  return {
    liveFrom: (from) => Math.max(from, firstAfter),
    until$: (before) => between$(firstAfter, before),
    between$,
  };
}
