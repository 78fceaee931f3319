import { concat, concatMap, lastValueFrom, takeUntil, type Observable } from 'rxjs';
import type { Candle } from '../index.ts';
import type { Format } from './format.ts';
import { write$, type Terminal } from './terminal.ts';

/**
 * Writes candles until they end, the user wants an end, or nobody reads any more; resolves when the last is written.
 * A reader slower than the market delays its candles and loses none.
 */
export async function print(candles$: Observable<Candle>, format: Format, terminal: Terminal): Promise<void> {
  const { out, stop$, gone$ } = terminal;
  const wanted$ = candles$.pipe(takeUntil(stop$));
  const written$ = concat(
    write$(out, format.head),
    wanted$.pipe(concatMap((candle) => write$(out, format.line(candle)))),
  );
  await lastValueFrom(written$.pipe(takeUntil(gone$)), { defaultValue: undefined });
}
