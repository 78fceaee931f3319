import { fromEvent } from 'rxjs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFeedError } from '../../index.ts';
import type { About, ListedSymbol, Refusal, SeriesKey } from '../wire.ts';
import { eventTexts$, sendEvents } from './event-stream.ts';
import { SAFE_HEADERS } from './headers.ts';
import { marksOf } from '../marks.ts';
import type { PageFile } from './page-files.ts';
import { pastOf } from './past.ts';
import { wantedOf, type EventsContext } from './series-events.ts';

/** Series of one page: each costs the exchange a stream, and its history. */
const MOST_SERIES = 40;
const MOST_PAST = 2000;

export interface RouteContext extends EventsContext {
  readonly about: About;
  readonly files: ReadonlyMap<string, PageFile>;
}

/** One request that may be answered. */
export interface Visit {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Route = (visit: Visit, context: RouteContext) => unknown;

const ROUTES: Readonly<Record<string, Route>> = {
  '/api/about': ({ response }, { about }) => sendJson(response, 200, about),
  '/api/symbols': async ({ response }, { feed }) => {
    const symbols = await feed.symbols();
    const listed = symbols.map(({ symbol, base, quote, phase, priceStep }): ListedSymbol => {
      return { symbol, base, quote, isTrading: phase === 'trading', priceStep };
    });
    sendJson(response, 200, listed);
  },
  '/api/past': async ({ url, response }, { feed }) => {
    const before = Number(url.searchParams.get('before'));
    const count = Math.min(MOST_PAST, Math.max(1, Number(url.searchParams.get('count') ?? 500)));
    const wanted = wantedOf(url.searchParams.get('series') ?? '');
    sendJson(response, 200, await pastOf(feed, { wanted, before, count }, fromEvent(response, 'close')));
  },
  '/api/stream': ({ url, request, response }, context) => {
    const keys: readonly SeriesKey[] = [...new Set(url.searchParams.getAll('series'))];
    const message = `a page shows at most ${MOST_SERIES} series`;
    if (keys.length > MOST_SERIES) {
      sendJson(response, 400, { code: 'TOO_MANY_SERIES', message });
      return;
    }
    // A browser that comes again by itself asks for the same address, and says how far it has got in the header.
    const id = request.headers['last-event-id'] ?? url.searchParams.get('after') ?? '';
    sendEvents(eventTexts$(context, keys, marksOf(String(id))), response);
  },
};

/** Answers one request; errors become an answer that says what is wrong. */
export async function answer(visit: Visit, context: RouteContext): Promise<void> {
  const { url, response } = visit;
  const file = context.files.get(url.pathname);
  const route = ROUTES[url.pathname];
  try {
    if (route !== undefined) await route(visit, context);
    else if (file !== undefined) send(response, 200, file);
    else sendJson(response, 404, { code: 'NOT_FOUND', message: `there is no ${url.pathname}` });
  } catch (error) {
    sendJson(response, isFeedError(error) ? 400 : 500, refusalFor(error));
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, { body: Buffer.from(JSON.stringify(body)), type: 'application/json; charset=utf-8' });
}

function send(response: ServerResponse, status: number, { body, type }: PageFile): void {
  response.writeHead(status, { ...SAFE_HEADERS, 'Content-Type': type, 'Content-Length': body.length });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function refusalFor(error: unknown): Refusal {
  const code = isFeedError(error) ? error.code : 'FEED_INTERNAL';
  return { code, message: error instanceof Error ? error.message : String(error) };
}
