import { catchError, concatAll, lastValueFrom, map, of, takeUntil, throwError, type Observable } from 'rxjs';
import { write$, type Terminal } from './terminal.ts';

/** Writes lines until they end, the user interrupts, or the reader is gone. */
export async function printLines(lines$: Observable<string>, { out, stop$, gone$ }: Terminal): Promise<void> {
  const wanted$ = lines$.pipe(takeUntil(stop$));
  const writes$ = wanted$.pipe(
    map((line) => write$(out, `${line}\n`)),
    // Neither completion nor an error may overtake pending writes.
    catchError((error: unknown) => of(throwError(() => error as Error))),
  );
  await lastValueFrom(writes$.pipe(concatAll(), takeUntil(gone$)), { defaultValue: undefined });
}
