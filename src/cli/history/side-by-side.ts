import { concat, concatMap, defer, finalize, from, noop, shareReplay, skip, Subscription, take, type Observable } from 'rxjs'; // prettier-ignore
import type { Candle } from '../../index.ts';

/** Series that are read at the same time: as many as there may be requests in flight to one host. */
const AT_ONCE = 6;
/** Candles of a series that are kept until its turn: a month of minutes. The others are read in its turn. */
const MOST_KEPT = 45_000;

export interface SideBySide<Part, Result> {
  /** The candles of a part: all, or those after one of them. */
  readonly read$: (part: Part, after?: Candle) => Observable<Candle>;
  /** What becomes of them; one part after another. */
  readonly use$: (part: Part, candles$: Observable<Candle>) => Observable<Result>;
}

/**
 * Reads several parts at the same time, and uses one after another, in their order.
 *
 * Emits:     what `use$` does.
 * Errors:    as `use$`. A read that fails before its turn is tried again in its turn.
 * Completes: when the last part has been used.
 */
export function sideBySide$<Part, Result>(
  parts: readonly Part[],
  { read$, use$ }: SideBySide<Part, Result>,
): Observable<Result> {
  return defer(() => {
    const reading = new Subscription();
    const waiting = [...parts];
    const begun: Observable<Candle>[] = [];
    const next$ = (part: Part): Observable<Candle> => {
      const more = waiting.splice(0, AT_ONCE - begun.length);
      begun.push(...more.map((one) => begin$((after) => read$(one, after), reading)));
      return begun.shift() ?? read$(part);
    };
    return from(parts).pipe(
      concatMap((part) => use$(part, next$(part))),
      finalize(() => reading.unsubscribe()),
    );
  });
}

/** Begins to read, and keeps what comes for a subscriber. */
function begin$(read$: (after?: Candle) => Observable<Candle>, reading: Subscription): Observable<Candle> {
  const kept$ = read$().pipe(take(MOST_KEPT), shareReplay({ bufferSize: MOST_KEPT, refCount: true }));
  reading.add(kept$.subscribe({ error: noop }));
  return concat(kept$, kept$.pipe(skip(MOST_KEPT - 1), concatMap(read$)));
}
