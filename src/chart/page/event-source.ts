import { defer, Observable, retry, timeout } from 'rxjs';
import { idOf, type Marks } from '../marks.ts';
import type { SeriesKey, StreamEvent } from '../wire.ts';
import type { Link } from './words.ts';

/** The server says something every ten seconds: longer silence is a connection that is no more, ms. */
const SILENCE_MS = 30_000;
const AGAIN_MS = 2000;

const NAMES = ['points', 'trouble', 'ended', 'feed'] as const satisfies readonly StreamEvent['type'][];

export type Heard = StreamEvent | { readonly type: 'link'; readonly data: Link };

/**
 * What the server says of some series, for as long as it is subscribed. The browser itself comes again after a lost
 * connection, and says how far it got; after a refusal or a long silence this does.
 *
 * @param marks - how far the page has got
 */
export function events$(series: readonly SeriesKey[], marks: () => Marks): Observable<Heard> {
  return defer(() => session$(series, marks())).pipe(timeout({ each: SILENCE_MS }), retry({ delay: AGAIN_MS }));
}

function eventOf(type: StreamEvent['type'], json: string): StreamEvent {
  const data: unknown = JSON.parse(json);
  return { type, data } as StreamEvent;
}

function session$(series: readonly SeriesKey[], marks: Marks): Observable<Heard> {
  return new Observable((subscriber) => {
    const query = new URLSearchParams(series.map((key) => ['series', key]));
    query.set('after', idOf(marks));
    const source = new EventSource(`/api/stream?${query.toString()}`);
    const say = (data: Link): void => subscriber.next({ type: 'link', data });
    source.onopen = () => say('open');
    source.onerror = () => {
      say('lost');
      if (source.readyState === EventSource.CLOSED) subscriber.error(new Error('the stream was refused'));
    };
    for (const type of NAMES)
      source.addEventListener(type, ({ data }: MessageEvent<string>) => subscriber.next(eventOf(type, data)));
    return () => source.close();
  });
}
