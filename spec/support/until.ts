/** One look at what is waited for, ms. */
const TURN_MS = 5;

/** For what must happen at some time: where time matters a spec says its own. */
const PATIENCE_MS = 20_000;

/**
 * Waits until something holds, and says what it waited for when it never does.
 * Time is counted in turns of this process, each of which may take longer on a busy machine: what is late because the
 * process was not let run is not late. An idle machine keeps the limit to within a fifth.
 */
export async function until(holds: () => boolean, what = String(holds), withinMs = PATIENCE_MS): Promise<void> {
  for (let waited = 0; !holds(); waited += TURN_MS) {
    if (waited > withinMs) throw new Error(`waited ${String(withinMs)} ms for ${what}`);
    await turn();
  }
}

/** What a promise gives, which it must do in so many ms, counted as `until` does. */
export async function within<T>(withinMs: number, promised: Promise<T>, what = 'a promise'): Promise<T> {
  let settled = false;
  const settle = (): void => void (settled = true);
  promised.then(settle, settle);
  await until(() => settled, what, withinMs);
  return promised;
}

/** Lets so many ms pass, and everything be heard that had come by then, also on a busy machine. */
export async function turns(ms: number): Promise<void> {
  for (let waited = 0; waited < ms; waited += TURN_MS) await turn();
}

/** A timer, and then what sockets have to say. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, TURN_MS));
  await new Promise((resolve) => setImmediate(resolve));
}
