import { catchError, defer, map, of, switchMap, type Observable } from 'rxjs';
import type { Candle, EpochMs, VenueId } from '../../core/candle.ts';
import { slotAfter } from '../../core/grid.ts';
import { SHORTEST_LENGTH_MS } from '../../core/interval.ts';
import { beginsAt, unbrokenEnd, unbrokenStart } from '../../core/unbroken.ts';
import type { CandleStore } from '../../ports/candle-store.ts';
import type { KlinesRequest, MarketData, Reply } from '../../ports/market-data.ts';

export interface StoredMarketDataOptions {
  readonly rest: MarketData;
  readonly store: Pick<CandleStore, 'page' | 'gaps'>;
  readonly venue: VenueId;
  /** Which end of a span the exchange's rows come from when there are more than asked for. */
  readonly pagesFrom: 'oldest' | 'newest';
  /** Local time, as in `Reply`. */
  readonly now: () => number;
}

type Rows = Reply<readonly Candle[]>;

/** Stored rows with nothing unknown between them, of what a request asks for. */
interface Known {
  readonly rows: readonly Candle[];
  /** Whether nothing unknown lies before them. */
  readonly isFirst: boolean;
  /** Asks for what lies behind them; undefined where that is nothing. */
  readonly behind: KlinesRequest | undefined;
  /** Whether the newest rows are wanted, which an answer about what lies behind may leave out when it is full. */
  readonly newest: boolean;
}

const NOTHING: Known = { rows: [], isFirst: false, behind: undefined, newest: false };
/** Rows that are cut short are more than the slots they lie in; few are. */
const ROWS_TO_SPARE = 2;

/**
 * An exchange's REST interface that reads a store first, and asks the exchange for what is not there. What it answers is
 * about the same open times as the exchange's own answer would be, so that nobody behind it need know.
 * Where the store fails, the exchange is asked.
 */
export function storedMarketData(options: StoredMarketDataOptions): MarketData {
  const { rest } = options;
  return {
    serverTime$: (priority) => rest.serverTime$(priority),
    symbols$: (priority) => rest.symbols$(priority),
    pause: () => rest.pause?.(),
    klines$: (request, priority) =>
      defer(() => knownOf(request, options)).pipe(
        catchError(() => of(NOTHING)),
        switchMap((known) =>
          known.rows.length === 0
            ? rest.klines$(request, priority)
            : completed$(known, request, { now: options.now, ask$: (part) => rest.klines$(part, priority) }),
        ),
      ),
  };
}

/** The store, if there is one, before the exchange. */
export function withStore(
  store: CandleStore | undefined,
  rest: MarketData,
  about: Pick<StoredMarketDataOptions, 'venue' | 'pagesFrom' | 'now'>,
): MarketData {
  return store === undefined ? rest : storedMarketData({ rest, store, ...about });
}

async function knownOf(request: KlinesRequest, options: StoredMarketDataOptions): Promise<Known> {
  const { store, venue, pagesFrom } = options;
  const { symbol, interval, from = -Infinity, before = Infinity, limit } = request;
  const series = { venue, symbol, interval };
  const newest = request.from === undefined || pagesFrom === 'newest';
  const page = await store.page(series, { from, before, limit, newest });
  const [first] = page;
  if (first === undefined) return NOTHING;
  const gaps = await store.gaps(series);
  const [predecessor] = await store.page(series, { from: -Infinity, before: from, limit: 1, newest: true });
  const isFirst = beginsAt(from, first, { before: predecessor, gaps });
  if (newest) return knownEnd(page, unbrokenEnd(page, gaps), { request, isFirst });
  return isFirst ? knownStart(unbrokenStart(page, gaps), request) : NOTHING;
}

/** The oldest rows of a span; what is behind them may fill the page. */
function knownStart(rows: readonly Candle[], request: KlinesRequest): Known {
  const left = request.limit - rows.length;
  const isWhole = left <= 0 || endOf(rows) >= (request.before ?? Infinity);
  const behind = isWhole ? undefined : { ...request, from: startBehind(rows), limit: left };
  return { rows, isFirst: true, behind, newest: false };
}

/** The newest rows of a span; where all that is wanted may lie behind them, they are of no use. */
function knownEnd(
  page: readonly Candle[],
  rows: readonly Candle[],
  { request, isFirst: pageIsFirst }: { request: KlinesRequest; isFirst: boolean },
): Known {
  const { interval, before = Infinity, limit } = request;
  const isFirst = pageIsFirst && rows.length === page.length;
  if (endOf(rows) >= before) return { rows, isFirst, behind: undefined, newest: true };
  const slots = Math.ceil((before - endOf(rows)) / SHORTEST_LENGTH_MS[interval]);
  if (slots + ROWS_TO_SPARE > limit) return NOTHING;
  const behind = { ...request, from: startBehind(rows), limit: slots + ROWS_TO_SPARE };
  return { rows, isFirst, behind, newest: true };
}

interface Asking {
  readonly now: () => number;
  readonly ask$: (part: KlinesRequest) => Observable<Rows>;
}

/** The known rows, with those behind and before them from the exchange. */
function completed$(known: Known, request: KlinesRequest, asking: Asking): Observable<Rows> {
  const { rows, behind, newest } = known;
  const stored = storedReply(rows, asking.now());
  if (behind === undefined) return withOlder$(stored, known, { request, ...asking });
  // An answer that leaves out the oldest of what it was asked for does not reach the stored rows.
  const isApart = (newer: Rows) => newest && (countOf(newer) >= behind.limit || newer.speaksFrom !== undefined);
  return asking
    .ask$(behind)
    .pipe(
      switchMap((newer) =>
        isApart(newer) ? asking.ask$(request) : withOlder$(joined(stored, newer), known, { request, ...asking }),
      ),
    );
}

function withOlder$(
  reply: Rows,
  { rows, isFirst }: Known,
  { request, ask$ }: Asking & { request: KlinesRequest },
): Observable<Rows> {
  const left = request.limit - countOf(reply);
  if (isFirst || left <= 0) return of(withLimit(reply, request));
  const older = { ...request, before: rows[0]?.timestamp ?? 0, limit: left };
  return ask$(older).pipe(map((before) => joined(before, reply)));
}

/** Of more rows than asked for the newest; there are never more where the oldest are wanted. */
function withLimit(reply: Rows, { limit }: KlinesRequest): Rows {
  return { ...reply, value: reply.value.slice(-limit) };
}

function storedReply(rows: readonly Candle[], at: number): Rows {
  return { value: rows, final: new Set(rows.map(({ timestamp }) => timestamp)), sentAt: at, receivedAt: at };
}

/** Two answers about successive open times, as one that is as old as the older. */
function joined(a: Rows, b: Rows): Rows {
  return {
    ...(a.speaksFrom !== undefined && { speaksFrom: a.speaksFrom }),
    value: [...a.value, ...b.value],
    rejected: [...(a.rejected ?? []), ...(b.rejected ?? [])],
    final: new Set([...(a.final ?? []), ...(b.final ?? [])]),
    sentAt: Math.min(a.sentAt, b.sentAt),
    receivedAt: Math.max(a.receivedAt, b.receivedAt),
  };
}

function countOf({ value, rejected = [] }: Rows): number {
  return value.length + rejected.length;
}

/** Where the slot of the last row ends. */
function endOf(rows: readonly Candle[]): EpochMs {
  const last = rows.at(-1);
  return last === undefined
    ? -Infinity
    : slotAfter(last.timestamp, { interval: last.interval, gridPoint: last.timestamp });
}

function startBehind(rows: readonly Candle[]): EpochMs {
  return (rows.at(-1)?.timestamp ?? 0) + 1;
}
