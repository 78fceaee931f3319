import { interval as every, lastValueFrom, takeUntil, type Observable } from 'rxjs';
import type { Terminal } from './terminal.ts';

const LINE_EVERY_MS = 60_000;

/** Writes a line a minute while something goes on, and a last one when it ends. */
export async function sayingEachMinute(
  work$: Observable<unknown>,
  line: () => string,
  { out, gone$ }: Terminal,
): Promise<void> {
  const say = (): void => void out.write(`${line()}\n`);
  // eslint-disable-next-line rxjs-x/no-ignored-error -- a timer never errors
  const speaking = every(LINE_EVERY_MS).subscribe(say);
  try {
    await lastValueFrom(work$.pipe(takeUntil(gone$)), { defaultValue: undefined });
    say();
  } finally {
    speaking.unsubscribe();
  }
}
