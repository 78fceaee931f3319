import { defaultIfEmpty, forkJoin, take, type Observable } from 'rxjs';
import type { Candle, EpochMs, Feed } from '../../index.ts';
import type { Wanted } from '../due.ts';
import { ForeignFileError, type HeldSeries, type HistoryRequest } from './candle-file.ts';
import { isSameSeries } from './held.ts';
import { seriesOf } from './holes.ts';

/** A series that exists, with its first candle in the span. */
export interface Found {
  readonly wanted: Wanted;
  readonly first: Candle;
}

/** What is left to read of one series. */
export interface Part extends Found {
  readonly from: EpochMs;
  /** The file goes on with another series, so that nothing may be left of this one. */
  readonly isWhole: boolean;
}

/**
 * The first candle of each series; undefined where there is none in the span.
 *
 * Errors: with that of the first series that cannot be read, before anything is written.
 */
export function firstCandles$(feed: Feed, { wanted, from, to }: HistoryRequest): Observable<(Candle | undefined)[]> {
  return forkJoin(
    wanted.map(({ symbol, interval }) =>
      feed.history$(symbol, interval, { from, to }).pipe(take(1), defaultIfEmpty(undefined)),
    ),
  );
}

/** Series that have candles, each once: two spellings of a symbol are one series. */
export function foundIn(wanted: readonly Wanted[], firsts: readonly (Candle | undefined)[]): readonly Found[] {
  const found = wanted.flatMap((one, index) => {
    const first = firsts[index];
    return first === undefined ? [] : [{ wanted: one, first }];
  });
  return found.filter(({ first }, index) => found.findIndex((other) => isSameSeries(other.first, first)) === index);
}

export interface Begun {
  readonly held: readonly HeldSeries[];
  /** Where each series begins that the file does not hold yet. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * What is left to read after what a file holds.
 *
 * @throws ForeignFileError where the file holds other series, does not begin where it should, or goes on behind the end
 */
export function partsOf(path: string, found: readonly Found[], { held, from, to }: Begun): readonly Part[] {
  const strange = held.find(({ first }, index) => !isSameCandle(found[index]?.first, first));
  if (strange !== undefined) {
    const what = `${seriesOf(strange.first)} from ${timeOf(strange.first)}`;
    throw new ForeignFileError(path, `it holds ${what}, which is not what these series, --from and --to give here`);
  }
  const longer = held.find(({ last }) => last.timestamp >= to);
  if (longer !== undefined)
    throw new ForeignFileError(
      path,
      `its ${seriesOf(longer.last)} goes on to ${timeOf(longer.last)}, which is not before --to`,
    );
  return found.map((one, index) => {
    const before = held[index]?.last.timestamp;
    return { ...one, from: before === undefined ? from : before + 1, isWhole: index < held.length - 1 };
  });
}

function isSameCandle(one: Candle | undefined, other: Candle): boolean {
  return one !== undefined && isSameSeries(one, other) && one.timestamp === other.timestamp;
}

function timeOf({ timestamp }: Candle): string {
  return new Date(timestamp).toISOString();
}
