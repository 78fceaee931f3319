import { map, merge, scan, type Observable } from 'rxjs';
import type { ServerResponse } from 'node:http';
import type { SeriesKey, StreamEvent } from '../wire.ts';
import { feedState$ } from './feed-state.ts';
import { SAFE_HEADERS } from './headers.ts';
import type { Marks } from '../marks.ts';
import { seriesEvents$, type EventsContext } from './series-events.ts';
import { RETRY_MS, write } from './sse.ts';

/** A page that does not read is let go, bytes: it comes again and goes on where it was. */
const MOST_UNREAD = 4_000_000;

/** What one page hears of all its series, as text of `text/event-stream`. */
export function eventTexts$(context: EventsContext, keys: readonly SeriesKey[], marks: Marks): Observable<string> {
  const feed$ = feedState$(context.feed).pipe(map((data): StreamEvent => ({ type: 'feed', data })));
  return merge(feed$, ...keys.map((key) => seriesEvents$(context, key, marks.get(key)))).pipe(
    scan(write, { marks, text: '' }),
    map(({ text }) => text),
  );
}

/** Writes events until the page is gone. */
export function sendEvents(texts$: Observable<string>, response: ServerResponse): void {
  response.writeHead(200, { ...SAFE_HEADERS, 'Content-Type': 'text/event-stream' });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const subscription = texts$.subscribe({
    next: (text) => {
      response.write(text);
      if (response.writableLength > MOST_UNREAD) response.destroy();
    },
    // The page comes again after either.
    error: () => response.destroy(),
    complete: () => response.end(),
  });
  response.once('close', () => subscription.unsubscribe());
}
