import { bufferTime, concat, concatMap, EMPTY, filter, map, take, takeUntil, type Observable } from 'rxjs';
import type { Candle, EpochMs, Feed } from '../../index.ts';
import { ForeignFileError, type CandleFile } from './candle-file.ts';
import type { Part } from './parts.ts';

/** Candles are written together, this many at most, and none waits longer than this, ms. */
const BATCH = { candles: 5000, ms: 200 };

/** What was written last. */
export interface Written {
  readonly part: Part;
  readonly candles: readonly Candle[];
}

export interface DownloadOptions {
  readonly path: string;
  readonly file: CandleFile;
  readonly to: EpochMs;
  /** Emits when the user has interrupted: what was received until then is still written. */
  readonly stopped$: Observable<unknown>;
}

/**
 * Writes one series after another to a file.
 *
 * Emits:     what was written, whenever it was.
 * Errors:    as `history$`; ForeignFileError where the file lacks candles that it should hold; what the file system says.
 * Completes: when everything is written, or the user has interrupted.
 */
export function download$(feed: Feed, parts: readonly Part[], options: DownloadOptions): Observable<Written> {
  return concat(...parts.map((part) => (part.isWhole ? nothingLeft$ : writePart$)(feed, part, options)));
}

function writePart$(feed: Feed, part: Part, options: DownloadOptions): Observable<Written> {
  return rest$(feed, part, options).pipe(
    bufferTime(BATCH.ms, null, BATCH.candles),
    filter((candles) => candles.length > 0),
    concatMap(async (candles) => {
      await options.file.append(candles);
      return { part, candles };
    }),
  );
}

function nothingLeft$(feed: Feed, part: Part, options: DownloadOptions): Observable<never> {
  return rest$(feed, part, options).pipe(
    take(1),
    map(({ symbol, interval, timestamp }) => {
      const end = new Date(timestamp).toISOString();
      throw new ForeignFileError(
        options.path,
        `its ${symbol} ${interval} ends at ${end}; to go on with it, pass --to ${end}`,
      );
    }),
  );
}

function rest$(
  feed: Feed,
  { wanted: { symbol, interval }, from }: Part,
  { to, stopped$ }: DownloadOptions,
): Observable<Candle> {
  const candles$ = from < to ? feed.history$(symbol, interval, { from, to }) : EMPTY;
  return candles$.pipe(takeUntil(stopped$));
}
