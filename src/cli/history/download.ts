import { bufferTime, concatMap, EMPTY, filter, map, take, takeUntil, tap, type Observable } from 'rxjs';
import type { Candle, EpochMs, Feed } from '../../index.ts';
import { ForeignFileError, type CandleFile } from './candle-file.ts';
import type { Part } from './parts.ts';
import { sideBySide$ } from './side-by-side.ts';

/** Candles are written together, this many at most, and none waits longer than this, ms. */
const BATCH = { candles: 5000, ms: 200 };

export interface DownloadOptions {
  readonly path: string;
  readonly file: CandleFile;
  readonly to: EpochMs;
  /** Emits when the user has interrupted: what was received until then is still written. */
  readonly stopped$: Observable<unknown>;
  /** Is told of each candle as it is read, which may be long before it is written. */
  readonly onRead: () => void;
}

/**
 * Reads several series side by side, and writes one after another to a file.
 *
 * Emits:     what was written, whenever it was.
 * Errors:    as `history$`; ForeignFileError where the file lacks candles that it should hold; what the file system says.
 * Completes: when everything is written, or the user has interrupted.
 */
export function download$(feed: Feed, parts: readonly Part[], options: DownloadOptions): Observable<readonly Candle[]> {
  return sideBySide$(parts, {
    read$: (part, after) => rest$(feed, after === undefined ? part : { ...part, from: after.timestamp + 1 }, options),
    use$: (part, candles$) =>
      (part.isWhole ? nothingLeft$ : written$)(candles$.pipe(takeUntil(options.stopped$)), options),
  });
}

function written$(candles$: Observable<Candle>, { file }: DownloadOptions): Observable<readonly Candle[]> {
  return candles$.pipe(
    bufferTime(BATCH.ms, null, BATCH.candles),
    filter((candles) => candles.length > 0),
    concatMap(async (candles) => {
      await file.append(candles);
      return candles;
    }),
  );
}

function nothingLeft$(candles$: Observable<Candle>, { path }: DownloadOptions): Observable<never> {
  return candles$.pipe(
    take(1),
    map(({ symbol, interval, timestamp }) => {
      const end = new Date(timestamp).toISOString();
      throw new ForeignFileError(path, `its ${symbol} ${interval} ends at ${end}; to go on with it, pass --to ${end}`);
    }),
  );
}

function rest$(feed: Feed, { wanted: { symbol, interval }, from }: Part, options: DownloadOptions): Observable<Candle> {
  const { to, stopped$, onRead } = options;
  const candles$ = from < to ? feed.history$(symbol, interval, { from, to }) : EMPTY;
  return candles$.pipe(tap(onRead), takeUntil(stopped$));
}
