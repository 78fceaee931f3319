import { defer, EMPTY, fromEvent, ignoreElements, ReplaySubject, take, type Observable } from 'rxjs';
import type { Writable } from 'node:stream';

/** Where a command writes, and how it is asked to stop. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  /** Emits when the user interrupts: what was received until then is still written. */
  readonly stop$: Observable<unknown>;
  /** Emits when nobody reads `out` any more; errors when it cannot be written to. */
  readonly gone$: Observable<unknown>;
}

/** A stream to write to; on a terminal it knows its size. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** As shells count: 128 and the number of the signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** The process's own streams and signals. The first signal asks for an end, the second forces it. */
export function processTerminal(): Terminal {
  const stop$ = new ReplaySubject<void>(1);
  const gone$ = new ReplaySubject<void>(1);
  let isAsked = false;
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (isAsked) process.exit(code);
      isAsked = true;
      stop$.next();
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') gone$.next();
    else gone$.error(new Error(`cannot write to the output: ${error.message}`));
  });
  // Logs can no longer be written: not a reason to stop.
  process.stderr.on('error', () => undefined);
  return { out: process.stdout, err: process.stderr, stop$, gone$ };
}

/** Writes a text, and completes as soon as the stream takes more. */
export function write$(out: Output, text: string): Observable<never> {
  return defer(() =>
    text === '' || out.write(text) ? EMPTY : fromEvent(out, 'drain').pipe(take(1), ignoreElements()),
  );
}
