import {
  catchError, concatAll, from, lastValueFrom, map, of, startWith, takeUntil, throwError, type Observable,
} from 'rxjs'; // prettier-ignore
import type { Candle } from '../index.ts';
import type { Format } from './format.ts';
import { write$, type Terminal } from './terminal.ts';

/**
 * Writes candles until they end, the user interrupts, or the reader is gone; resolves when the last is written.
 * A reader slower than the market delays its candles and loses none.
 */
export function print(candles$: Observable<Candle>, format: Format, terminal: Terminal): Promise<void> {
  const texts$ = candles$.pipe(
    map((candle) => format.line(candle)),
    startWith(format.head),
  );
  return writeAll(texts$, terminal);
}

/** Writes texts that are known; ends early as `print` does. */
export function printTexts(texts: Iterable<string>, terminal: Terminal): Promise<void> {
  return writeAll(from(texts), terminal);
}

/** Writes lines until they end; otherwise as `print`. */
export function printLines(lines$: Observable<string>, terminal: Terminal): Promise<void> {
  return writeAll(lines$.pipe(map((line) => `${line}\n`)), terminal);
}

async function writeAll(texts$: Observable<string>, { out, stop$, gone$ }: Terminal): Promise<void> {
  const wanted$ = texts$.pipe(takeUntil(stop$));
  const writes$ = wanted$.pipe(
    map((text) => write$(out, text)),
    // Neither completion nor an error may overtake pending writes.
    catchError((error: unknown) => of(throwError(() => error as Error))),
  );
  await lastValueFrom(writes$.pipe(concatAll(), takeUntil(gone$)), { defaultValue: undefined });
}
