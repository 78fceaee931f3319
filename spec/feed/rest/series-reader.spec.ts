import { of, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import type { Answer } from '../../../src/core/evidence.ts';
import { candleReader, type CandleReaderOptions } from '../../../src/feed/rest/series-reader.ts';
import type { PageRules } from '../../../src/ports/connector.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { clockOf, failure, FakeMarket, STARTS_AT, traded } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NEWEST: PageRules = { ...binanceUsdm.rest.paging, pagesFrom: 'newest', maxSpanMs: 200 * DAY };

/** A reader of BTCUSDT 1m over a fake market; the exchange's clock is known. */
function rig(limits: PageRules = binanceUsdm.rest.paging) {
  const clock = new VirtualClock();
  const market = new FakeMarket(clock);
  market.pagesFrom = limits.pagesFrom;
  const exchange = clockOf(market, clock);
  exchange.ask();
  clock.advance(1000);
  const priorities: number[] = [];
  const klines$: CandleReaderOptions['klines$'] = (request, priority) => {
    priorities.push(priority);
    return market.klines$(request);
  };
  const options = { klines$, clock: exchange, limits, scheduler: clock };
  const first = <T>(value$: Observable<T>, withinMs = 100): T | undefined => {
    let [value, completed]: [T | undefined, boolean] = [undefined, false];
    value$.subscribe({ next: (it) => (value = it), complete: () => (completed = true) });
    clock.advance(withinMs);
    expect(completed).toBe(true);
    return value;
  };
  return { clock, market, reader: candleReader('BTCUSDT', '1m', options), options, priorities, first };
}

const minutesOf = (rows: readonly Candle[] = []) => rows.map(({ timestamp }) => timestamp / MINUTE);
const stampedReply = (value: readonly Candle[]) => ({ value, sentAt: 0, receivedAt: 0 });
const spanOf = (answer: Answer | undefined) => [Number(answer?.from) / MINUTE, Number(answer?.before) / MINUTE];

describe('a read', () => {
  it('shows the rows of its span, and says that it speaks of all of it', () => {
    const { reader, first } = rig();
    const answer = first(reader.read$(990 * MINUTE, 995 * MINUTE));
    expect(minutesOf(answer?.rows)).toEqual([990, 991, 992, 993, 994]);
    expect(spanOf(answer)).toEqual([990, 995]);
  });

  it('asks for no more rows than the span can hold, and for at most a page', () => {
    const { market, reader, first } = rig();
    first(reader.read$(990 * MINUTE, 995 * MINUTE));
    first(reader.read$(100 * MINUTE, 995 * MINUTE));
    expect(market.requests.map(({ limit }) => limit)).toEqual([5, 500]);
  });

  it('speaks from where on its answer says that it does', () => {
    const { options, first } = rig();
    const klines$: CandleReaderOptions['klines$'] = () =>
      of({ ...stampedReply([traded(993)]), speaksFrom: 993 * MINUTE });
    const reader = candleReader('BTCUSDT', '1m', { ...options, klines$ });
    expect(spanOf(first(reader.read$(990 * MINUTE, 995 * MINUTE)))).toEqual([993, 995]);
    expect(spanOf(first(reader.newestAnswer$({ before: 995 * MINUTE, limit: 3 })))).toEqual([993, 995]);
  });

  it('that filled its page speaks of no more than it shows', () => {
    const { reader, first } = rig();
    const answer = first(reader.read$(100 * MINUTE, 995 * MINUTE));
    expect(minutesOf(answer?.rows).at(-1)).toBe(599);
    expect(spanOf(answer)).toEqual([100, 600]);
  });

  it('was surely sent no earlier than it says, by the exchange’s clock', () => {
    const { clock, market, reader, first } = rig();
    market.latencyMs = 400;
    const sentAt = clock.now();
    const answer = first(reader.read$(990 * MINUTE, 995 * MINUTE), 1000);
    expect(answer).toMatchObject({ sentAtLocal: sentAt, receivedAtLocal: sentAt + 400 });
    expect(answer?.sentAt).toBeLessThanOrEqual(sentAt + STARTS_AT);
    expect(answer?.sentAt).toBeGreaterThan(sentAt + STARTS_AT - 25);
  });

  it('stands in the common queue by the length of its interval', () => {
    const { options, priorities, first } = rig();
    for (const interval of ['1m', '1h', '1d'] as const) {
      first(candleReader('BTCUSDT', interval, options).read$(0, 86_400_000));
    }
    expect(priorities).toEqual([MINUTE, 60 * MINUTE, DAY]);
  });

  it('passes on a failure', () => {
    const { clock, market, reader } = rig();
    market.failing.klines = failure('timeout');
    const seen: unknown[] = [];
    reader.read$(0, MINUTE).subscribe({ error: (error: unknown) => seen.push(error) });
    clock.advance(100);
    expect(seen).toEqual([market.failing.klines]);
  });
});

describe('where a market answers the newest rows', () => {
  it('a page holds its beginning', () => {
    const { reader, first } = rig(NEWEST);
    const answer = first(reader.read$(100 * MINUTE, 995 * MINUTE));
    expect([minutesOf(answer?.rows)[0], minutesOf(answer?.rows).at(-1)]).toEqual([100, 599]);
    expect(spanOf(answer)).toEqual([100, 600]);
  });

  it('a read from long before the first candle goes on to it, and speaks of all that lies between', () => {
    const { market, reader, first } = rig(NEWEST);
    market.first = 900;
    const answer = first(reader.read$(0, 995 * MINUTE), 1000);
    expect(minutesOf(answer?.rows)[0]).toBe(900);
    expect(spanOf(answer)[0]).toBe(0);
    expect(market.count('klines')).toBeLessThan(6);
  });

  it('a read into a pause of years shows the first rows behind it', () => {
    const wanted = Date.UTC(2024, 1, 3);
    const { options, first } = rig(NEWEST);
    const spans: number[] = [];
    const klines$: CandleReaderOptions['klines$'] = ({ from = 0, before = Infinity, limit }) => {
      spans.push(before - from);
      const rows = [];
      for (let time = Math.max(wanted, before - limit * MINUTE); time < before; time += MINUTE) rows.push(time);
      return of(stampedReply(rows.map((timestamp) => traded(0, { timestamp, closeTime: timestamp + MINUTE - 1 }))));
    };
    const reader = candleReader('BTCUSDT', '1m', { ...options, klines$ });
    const from = Date.UTC(2021, 4, 6);
    const answer = first(reader.read$(from, Date.UTC(2026, 10, 22)));
    expect(answer?.rows[0]?.timestamp).toBe(wanted);
    expect(answer?.from).toBe(from);
    expect(spans.length).toBeLessThan(40);
    expect(Math.max(...spans)).toBeLessThanOrEqual(200 * DAY);
    spans.length = 0;
    expect(first(reader.read$(from, wanted + MINUTE, Infinity))?.rows).toHaveLength(1);
    expect(spans).toHaveLength(6);
  });

  it('the newest rows are found however long ago they were, with few requests', () => {
    const { options, first } = rig(NEWEST);
    const wanted = Date.UTC(2024, 1, 3);
    const spans: number[] = [];
    const klines$: CandleReaderOptions['klines$'] = ({ before = Infinity, from = before - 200 * DAY }) => {
      spans.push(before - from);
      const value = from <= wanted && wanted < before ? [traded(0, { timestamp: wanted })] : [];
      return of({ value, sentAt: 0, receivedAt: 0 });
    };
    const reader = candleReader('BTCUSDT', '1m', { ...options, klines$ });
    expect(first(reader.newest$(Date.UTC(2026, 10, 22), 2))).toMatchObject([{ timestamp: wanted }]);
    expect(spans.length).toBeLessThan(10);
    expect(Math.max(...spans)).toBeLessThanOrEqual(200 * DAY);
    expect(first(reader.newest$(Date.UTC(2020, 1, 1), 2))).toEqual([]);
  });

  it('newest rows on both sides of a long pause are one answer', () => {
    const { options, first } = rig(NEWEST);
    const rows = [Date.UTC(2024, 1, 3), Date.UTC(2026, 1, 3)].map((timestamp) => traded(0, { timestamp }));
    const klines$: CandleReaderOptions['klines$'] = ({ before = Infinity }) =>
      of(stampedReply(rows.filter(({ timestamp: time }) => before - 200 * DAY <= time && time < before)));
    const reader = candleReader('BTCUSDT', '1m', { ...options, klines$ });
    const newest = { before: Date.UTC(2026, 1, 4), limit: 10 };
    expect(first(reader.newestAnswer$(newest))?.rows).toEqual(rows.slice(1));
    expect(first(reader.newestAnswer$({ ...newest, atLeast: 2 }))?.rows).toEqual(rows);
    expect(first(reader.newestAnswer$({ ...newest, atLeast: 2, bottom: Date.UTC(2025, 1, 3) }))?.rows).toHaveLength(1);

    // What the venue does not keep is not asked for: rows have been kept since 2025 here.
    const keptMs = { '1m': 1000 * MINUTE - Date.UTC(2025, 1, 3) };
    const forgetful = candleReader('BTCUSDT', '1m', { ...options, klines$, limits: { ...options.limits, keptMs } });
    expect(first(forgetful.newestAnswer$({ ...newest, atLeast: 2 }))?.rows).toHaveLength(1);
  });
});

describe('the newest rows', () => {
  it('end before the time asked for', () => {
    const { reader, first } = rig();
    expect(minutesOf(first(reader.newest$(995 * MINUTE, 3)))).toEqual([992, 993, 994]);
  });

  it('hold the running candle where the time asked for is behind it', () => {
    const { market, reader, first } = rig();
    expect(minutesOf(first(reader.newest$(market.now() + 1, 2)))).toEqual([999, 1000]);
  });
});

it('the newest rows are asked for without a beginning, and speak of what they show, or of everything', () => {
  const { market, reader, first } = rig();
  expect(spanOf(first(reader.newestAnswer$({ before: 995 * MINUTE, limit: 3 })))).toEqual([992, 995]);
  expect(market.requests.at(-1)).toEqual({ symbol: 'BTCUSDT', interval: '1m', before: 995 * MINUTE, limit: 3 });
  market.first = 994;
  expect(spanOf(first(reader.newestAnswer$({ before: 995 * MINUTE, limit: 3 })))).toEqual([0, 995]);
});

describe('the first open time', () => {
  it.each([
    ['oldest', binanceUsdm.rest.paging],
    ['newest', NEWEST],
  ])('is that of the first candle of the exchange, where rows come from the %s', (_, limits) => {
    const { market, reader, first } = rig(limits);
    market.first = 300;
    expect(first(reader.firstOpen$(), 60_000)).toBe(300 * MINUTE);
  });

  it('is made sure of with three requests where it is known', () => {
    const { market, reader, first } = rig();
    market.first = 300;
    expect(first(reader.firstOpen$(300 * MINUTE), 1200)).toBe(300 * MINUTE);
    expect(market.count('klines')).toBe(3);
  });

  it('is looked for no further back than rows are kept', () => {
    const { market, reader, first } = rig({ ...NEWEST, keptMs: { '1m': 400 * MINUTE } });
    market.first = 300;
    expect(first(reader.firstOpen$(), 60_000)).toBe(601 * MINUTE);
    expect(market.requests.every(({ from = 0 }) => from >= 600 * MINUTE)).toBe(true);
  });

  it('is never where the exchange has no candle', () => {
    const { market, reader, first } = rig();
    market.first = 2000;
    expect(first(reader.firstOpen$(), 60_000)).toBe(Infinity);
  });
});
