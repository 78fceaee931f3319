import { catchError, concatAll, lastValueFrom, map, of, startWith, takeUntil, throwError, type Observable } from 'rxjs';
import type { Candle } from '../index.ts';
import type { Format } from './format.ts';
import { write$, type Terminal } from './terminal.ts';

/**
 * Writes candles until they end, the user interrupts, or the reader is gone; resolves when the last is written.
 * A reader slower than the market delays its candles and loses none.
 */
export async function print(candles$: Observable<Candle>, format: Format, terminal: Terminal): Promise<void> {
  const { out, stop$, gone$ } = terminal;
  const texts$ = candles$.pipe(
    map((candle) => format.line(candle)),
    startWith(format.head),
    takeUntil(stop$),
  );
  const writes$ = texts$.pipe(
    map((text) => write$(out, text)),
    // Neither completion nor an error may overtake pending writes.
    catchError((error: unknown) => of(throwError(() => error as Error))),
  );
  await lastValueFrom(writes$.pipe(concatAll(), takeUntil(gone$)), { defaultValue: undefined });
}
