import type { Candle, EpochMs } from '../../src/core/candle.ts';
import { nextOpenTime } from '../../src/core/interval.ts';
import type { KlinesRequest } from '../../src/ports/market-data.ts';
import type { Venue } from '../../src/venues/venue.ts';
import type { Series, Truth } from './sim-truth.ts';

export interface KlinesView {
  readonly venue: Venue;
  readonly truth: Truth;
  /** What the answer shows, by the exchange's clock. */
  readonly now: EpochMs;
  readonly movesAfterCloseMs: number;
}

/** Rows of a klines answer: by open time, both ends as asked, the last one running; from the oldest or the newest. */
export function klinesOf(request: KlinesRequest, view: KlinesView): readonly Candle[] {
  const rows = [
    ...(view.venue.rest.pagesFrom === 'newest' && request.before !== undefined
      ? newest(request, view)
      : oldest(request, view)),
  ];
  return rows.sort((a, b) => a.timestamp - b.timestamp);
}

function* oldest(request: KlinesRequest, view: KlinesView): Generator<Candle> {
  const { truth, now } = view;
  const start = Math.max(request.from ?? 0, truth.options.listedAt);
  const before = Math.min(request.before ?? Infinity, now + 1, truth.options.endsAt ?? Infinity);
  if (request.from === undefined) {
    yield* newest(request, view);
    return;
  }
  let rows = 0;
  for (
    let time = firstFrom(request, start, truth);
    time < before && rows < request.limit;
    time = nextOpenTime(time, request.interval)
  ) {
    time = Math.max(time, truth.openTimeAt(truth.holeAt(time)?.before ?? time, request.interval));
    if (time >= before) return;
    const row = truth.rowAt(request, time, view);
    if (row === undefined) continue;
    rows++;
    yield row;
  }
}

function* newest(request: KlinesRequest, { venue, truth, now, movesAfterCloseMs }: KlinesView): Generator<Candle> {
  const { interval } = request;
  const end = Math.min(request.before ?? Infinity, now + 1, truth.options.endsAt ?? Infinity);
  const span = Math.min(venue.rest.maxSpanMs, end);
  const start = Math.max(
    request.from ?? 0,
    truth.options.listedAt,
    request.before === undefined ? 0 : request.before - span,
  );
  let rows = 0;
  for (
    let time = truth.openTimeAt(end - 1, interval);
    time >= start && rows < request.limit;
    time = truth.openTimeAt(time - 1, interval)
  ) {
    time = Math.min(time, nextOpenTime(truth.openTimeAt((truth.holeAt(time)?.from ?? time) - 1, interval), interval));
    const row = truth.rowAt(request, time, { now, movesAfterCloseMs });
    if (row === undefined) continue;
    rows++;
    yield row;
  }
}

function firstFrom({ interval }: Series, start: EpochMs, truth: Truth): EpochMs {
  const open = truth.openTimeAt(start, interval);
  return open < start ? nextOpenTime(open, interval) : open;
}
