import { bufferCount, concat, concatAll, concatMap, defer, mergeMap, tap, type Observable } from 'rxjs';
import { sameCandle, type Candle, type EpochMs } from '../core/candle.ts';
import { ConfigError } from '../core/errors.ts';
import type { HistorySpan } from '../core/history-span.ts';
import type { Interval } from '../core/interval.ts';
import type { CandleSeries, CandleStore, StoredSpan } from '../ports/candle-store.ts';
import { seriesIn } from '../venues/series-key.ts';
import { spanOf, type OpenTimes } from './span.ts';

/** The member of a `Feed` that is needed here. */
export interface PastCandles {
  history$(symbol: string, interval: Interval, span: HistorySpan): Observable<Candle>;
}

/** What is read again. */
export interface AuditSpan extends StoredSpan {
  /** Default: all of the store, which must then be of one venue, the feed's. */
  readonly series?: CandleSeries | readonly CandleSeries[] | undefined;
}

/**
 * A difference between the exchange and the store. `revised`: the exchange has other values now. `added`: it has a candle
 * that is not stored. `withdrawn`: it has none any more.
 */
export type Finding =
  | { readonly kind: 'revised'; readonly stored: Candle; readonly candle: Candle }
  | { readonly kind: 'added'; readonly candle: Candle }
  | { readonly kind: 'withdrawn'; readonly stored: Candle };

/** Candles compared at once. */
const BATCH = 1000;

/**
 * Reads the past of the stored series from the exchange again, and compares. Changes nothing; `store.append` of a finding's
 * `candle` stores one that was added, and keeps one that was revised beside the one stored.
 *
 * Emits:     each difference, series by series, in rising open time.
 * Errors:    as `Feed.history$`; StoreError; ConfigError.
 * Completes: when all is compared.
 *
 * @param feed - one without this store among its options: it would answer from the store
 * @param span - by default from the first to the last candle stored of each series
 */
export function audit(store: CandleStore, feed: PastCandles, span: AuditSpan = {}): Observable<Finding> {
  return defer(() => auditedSeries(store, span)).pipe(
    concatAll(),
    concatMap((series) =>
      defer(() => storedSpan(store, series, spanOf(span))).pipe(
        mergeMap((open) => (open.from < open.before ? findings$(store, feed, { series, open }) : [])),
      ),
    ),
  );
}

async function auditedSeries(store: CandleStore, { series }: AuditSpan): Promise<readonly CandleSeries[]> {
  if (series !== undefined) return seriesIn(series);
  const all = await store.series();
  const venues = new Set(all.map(({ venue }) => venue));
  if (venues.size > 1) throw new ConfigError([`series: must be given for a store of ${[...venues].join(' and ')}`]);
  return all;
}

/** Where nothing is said, from the first to the last candle stored. */
async function storedSpan(store: CandleStore, series: CandleSeries, { from, before }: OpenTimes): Promise<OpenTimes> {
  const [first] = await store.page(series, { from, before, limit: 1 });
  const last = await store.last(series);
  const nothing = { from: 0, before: 0 };
  if (first === undefined || last === undefined)
    return from === -Infinity || before === Infinity ? nothing : { from, before };
  return {
    from: from === -Infinity ? first.timestamp : from,
    before: before === Infinity ? last.timestamp + 1 : before,
  };
}

interface Compared {
  readonly series: CandleSeries;
  readonly open: OpenTimes;
}

function findings$(store: CandleStore, feed: PastCandles, { series, open }: Compared): Observable<Finding> {
  const { symbol, interval } = series;
  let next = open.from;
  const compare = async (candles: readonly Candle[], before: EpochMs): Promise<readonly Finding[]> => {
    const stored = await storedIn(store, series, { from: next, before });
    next = before;
    return differences(stored, candles);
  };
  // What is recorded while this reads is not looked for.
  return defer(() => store.last(series)).pipe(
    mergeMap((last) =>
      concat(
        feed.history$(symbol, interval, { from: open.from, to: open.before }).pipe(
          tap((candle) => checkVenue(candle, series)),
          bufferCount(BATCH),
          concatMap((candles) => compare(candles, (candles.at(-1)?.timestamp ?? next) + 1)),
        ),
        defer(() => compare([], Math.min(open.before, (last?.timestamp ?? next) + 1))),
      ),
    ),
    concatAll(),
  );
}

function checkVenue({ venue, symbol }: Candle, series: CandleSeries): void {
  if (venue === series.venue && symbol === series.symbol) return;
  throw new ConfigError([`series: ${series.symbol} of ${series.venue} is ${symbol} of ${venue} in this feed`]);
}

async function storedIn(store: CandleStore, series: CandleSeries, { from, before }: OpenTimes): Promise<Candle[]> {
  const stored: Candle[] = [];
  if (from < before) for await (const candle of store.read(series, { from, to: before })) stored.push(candle);
  return stored;
}

function differences(stored: readonly Candle[], candles: readonly Candle[]): readonly Finding[] {
  const byOpenTime = new Map(stored.map((candle) => [candle.timestamp, candle]));
  const findings = candles.flatMap((candle): Finding[] => {
    const before = byOpenTime.get(candle.timestamp);
    byOpenTime.delete(candle.timestamp);
    if (before === undefined) return [{ kind: 'added', candle }];
    return sameCandle(before, candle) ? [] : [{ kind: 'revised', stored: before, candle }];
  });
  const withdrawn = [...byOpenTime.values()].map((one): Finding => ({ kind: 'withdrawn', stored: one }));
  return [...findings, ...withdrawn].sort((a, b) => openTimeOf(a) - openTimeOf(b));
}

function openTimeOf(finding: Finding): EpochMs {
  return (finding.kind === 'withdrawn' ? finding.stored : finding.candle).timestamp;
}
