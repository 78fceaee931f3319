import { distinctUntilChanged, filter, fromEvent, map, merge, Observable, startWith, tap } from 'rxjs';

/**
 * A browser has six connections to a server, for all its tabs; a stream takes one for as long as it lasts. With more streams
 * than these a tab in the background lets go of its own until it is looked at again.
 */
const MOST_STREAMS = 4;
/** What all tabs of this page know each other by. */
const NAME = 'rx-candles chart';

/** Whether this tab should listen to the server: until another one needs the room while this one is not looked at. */
export function isAwake$(): Observable<boolean> {
  const channel = new BroadcastChannel(NAME);
  const asked$ = fromEvent(channel, 'message').pipe(
    filter(() => document.hidden),
    map(() => false),
  );
  const seen$ = fromEvent(document, 'visibilitychange').pipe(
    filter(() => !document.hidden),
    map(() => true),
  );
  return merge(asked$, seen$).pipe(
    startWith(true),
    distinctUntilChanged(),
    tap((isAwake) => {
      if (isAwake) void askForRoom(channel);
    }),
  );
}

async function askForRoom(channel: BroadcastChannel): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  if (held.filter(({ name }) => name === NAME).length >= MOST_STREAMS) channel.postMessage('room');
}

/** Counts this tab among those that stream, for as long as it is subscribed. */
export function counted$(): Observable<never> {
  return new Observable(() => {
    const ended = new AbortController();
    void navigator.locks.request(NAME, { mode: 'shared' }, () => untilAborted(ended.signal));
    return () => ended.abort();
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}
