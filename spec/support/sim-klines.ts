import type { Candle, EpochMs } from '../../src/core/candle.ts';
import { nextOpenTime } from '../../src/core/interval.ts';
import type { KlinesRequest } from '../../src/ports/market-data.ts';
import type { Connector } from '../../src/ports/connector.ts';
import type { Truth } from './sim-truth.ts';

export interface KlinesView {
  readonly venue: Connector;
  readonly truth: Truth;
  /** What the answer shows, by the exchange's clock. */
  readonly now: EpochMs;
  readonly movesAfterCloseMs: number;
  /**
   * Whether the answer lacks a row that the exchange has. A page is filled without it: else one that is full would look as
   * if it were not, and seem to speak of open times that it has no room for.
   */
  readonly leavesOut?: (row: Candle) => boolean;
}

/** Rows of a klines answer: by open time, both ends as asked, the last one running; from the oldest or the newest. */
export function klinesOf(request: KlinesRequest, view: KlinesView): readonly Candle[] {
  const rows = [
    ...(view.venue.rest.paging.pagesFrom === 'newest' && request.before !== undefined
      ? newest(request, view)
      : oldest(request, view)),
  ];
  return rows.sort((a, b) => a.timestamp - b.timestamp);
}

function* oldest(request: KlinesRequest, view: KlinesView): Generator<Candle> {
  if (request.from === undefined) {
    yield* newest(request, view);
    return;
  }
  const { truth, now } = view;
  const { interval } = request;
  const start = Math.max(request.from, truth.options.listedAt);
  const before = Math.min(request.before ?? Infinity, now + 1, truth.options.endsAt ?? Infinity);
  let rows = 0;
  for (let slot = truth.openTimeAt(start, interval); slot < before; slot = nextOpenTime(slot, interval)) {
    slot = Math.max(slot, truth.openTimeAt(truth.holeAt(slot)?.before ?? slot, interval));
    for (const row of rowsIn(slot, request, { view, start, before })) {
      if (rows++ >= request.limit) return;
      yield row;
    }
  }
}

function* newest(request: KlinesRequest, view: KlinesView): Generator<Candle> {
  const { venue, truth, now } = view;
  const { interval } = request;
  const before = Math.min(request.before ?? Infinity, now + 1, truth.options.endsAt ?? Infinity);
  const span = Math.min(venue.rest.paging.maxSpanMs, before);
  const start = Math.max(
    request.from ?? 0,
    truth.options.listedAt,
    request.before === undefined ? 0 : request.before - span,
  );
  let rows = 0;
  for (
    let slot = truth.openTimeAt(before - 1, interval);
    slot > start - (nextOpenTime(slot, interval) - slot);
    slot = truth.openTimeAt(slot - 1, interval)
  ) {
    slot = Math.min(slot, nextOpenTime(truth.openTimeAt((truth.holeAt(slot)?.from ?? slot) - 1, interval), interval));
    for (const row of rowsIn(slot, request, { view, start, before }).reverse()) {
      if (rows++ >= request.limit) return;
      yield row;
    }
  }
}

function rowsIn(
  slot: EpochMs,
  request: KlinesRequest,
  { view, start, before }: { view: KlinesView; start: EpochMs; before: EpochMs },
): Candle[] {
  const times = view.truth.rowTimes(request, slot).filter((time) => time >= start && time < before);
  const rows = times.flatMap((time) => view.truth.rowAt(request, time, view) ?? []);
  return rows.filter((row) => view.leavesOut?.(row) !== true);
}
