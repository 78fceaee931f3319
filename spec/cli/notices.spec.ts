import { EMPTY, NEVER, of, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Wanted } from '../../src/cli/due.ts';
import { notices$, type NoticesOptions } from '../../src/cli/notices.ts';
import { EventBus, type EventOf } from '../../src/index.ts';

const BTC = { symbol: 'btcusdt', interval: '1m' } as const;
const gap = (symbol: string, changes: Partial<EventOf<'GAP_OPENED'>> = {}): EventOf<'GAP_OPENED'> => ({
  type: 'GAP_OPENED', venue: 'binance-usdm', symbol, interval: '1m', from: 0, to: 0, waitedMs: 0,
  reason: 'REST: network: getaddrinfo ENOTFOUND fapi.binance.com', ...changes,
}); // prettier-ignore

describe('notices', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 25, 23, 58, 40) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Notices of one feed, whose exchange's clock is ahead of this machine's by so much, ms. */
  function listen(options: Partial<NoticesOptions> = {}, clockOffsetMs: number | null = 0) {
    const bus = new EventBus();
    const source = { bus, status$: of({ clockOffsetMs }) };
    const all = { source, watched: () => [BTC], past: false, begun$: NEVER, logsGaps: false, ...options };
    const lines: string[] = [];
    const subscription = notices$(all).subscribe((line) => lines.push(line));
    return { bus, lines, subscription };
  }

  it.each<[string, Partial<NoticesOptions>, number | null, string[]]>([
    ['the first close', {}, 0, ['waiting for the first BTCUSDT 1m close, due 23:59:00 UTC']],
    ['by the exchange’s clock', {}, 60_000, ['waiting for the first BTCUSDT 1m close, due 2026-11-26 00:00:00 UTC']],
    ['by this machine’s, where that is all there is', {}, null, ['waiting for the first BTCUSDT 1m close, due 23:59:00 UTC']],
    ['the past', { past: true }, 0, ['waiting for history; the next BTCUSDT 1m close is due 23:59:00 UTC']],
    ['a grid that is not known', { watched: () => [{ symbol: 'X', interval: '3d' }] }, 0, ['waiting for the first X 3d close, due within three days']],
    ['two series', { watched: () => [BTC, { ...BTC, interval: '1h' }] }, 0, ['waiting for the first BTCUSDT 1m close, due 23:59:00 UTC', 'waiting for the first BTCUSDT 1h close, due 2026-11-26 00:00:00 UTC']],
    ['many', { watched: () => [...Array.from({ length: 9 }, () => ({ ...BTC, interval: '1d' as const })), BTC] }, 0, ['waiting for 10 series; the next close, of BTCUSDT 1m, is due 23:59:00 UTC']],
  ])('say within a second what is waited for: %s', (_, options, offset, said) => {
    const { lines, subscription } = listen(options, offset);
    vi.advanceTimersByTime(1000);
    expect(lines).toEqual(said);
    vi.advanceTimersByTime(600_000);
    expect(lines).toEqual(said);
    subscription.unsubscribe();
  }); // prettier-ignore

  it('say at once what is waited for when connected, but not of the past', () => {
    const [first, past] = [listen(), listen({ past: true })];
    vi.advanceTimersByTime(100);
    for (const { bus } of [first, past])
      bus.publish({ type: 'CONNECTED', venue: 'binance-usdm', connection: 1, url: 'wss://fstream.binance.com' });
    vi.advanceTimersByTime(100);
    expect([first.lines, past.lines]).toEqual([['waiting for the first BTCUSDT 1m close, due 23:59:00 UTC'], []]);
    vi.advanceTimersByTime(1000);
    expect([first.lines.length, past.lines.length]).toEqual([1, 1]);
  });

  it('say nothing of a series that has been refused by then', () => {
    const watched = new Set<Wanted>([{ symbol: 'NOSUCH', interval: '1m' }, BTC]);
    const { lines } = listen({ watched: () => [...watched] });
    vi.advanceTimersByTime(300);
    watched.delete([...watched][0] ?? BTC);
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual(['waiting for the first BTCUSDT 1m close, due 23:59:00 UTC']);
  });

  it('say nothing of the beginning where a candle comes first', () => {
    const begun$ = new Subject<void>();
    const { lines } = listen({ begun$ });
    vi.advanceTimersByTime(300);
    begun$.next();
    vi.advanceTimersByTime(10_000);
    expect(lines).toEqual([]);
  });

  it('say why a series waits, and for how long by now', () => {
    const { bus, lines } = listen({ begun$: of(1) });
    bus.publish(gap('BTCUSDT'));
    vi.advanceTimersByTime(1000);
    bus.publish(gap('BTCUSDT', { to: 60_000, waitedMs: 10_400 }));
    vi.advanceTimersByTime(1000);
    expect(lines).toEqual([
      'waiting for BTCUSDT 1m 1970-01-01T00:00:00.000Z (REST: network: getaddrinfo ENOTFOUND fapi.binance.com)',
      'waiting for BTCUSDT 1m 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z for 10 s (REST: network: getaddrinfo ENOTFOUND fapi.binance.com)',
    ]);
  });

  it('sum up a crowd of gaps, and leave them to a log that tells of them', () => {
    const [told, logged] = [listen({ begun$: of(1) }), listen({ begun$: EMPTY, logsGaps: true })];
    for (let index = 0; index < 500; index++) for (const { bus } of [told, logged]) bus.publish(gap(`S${index}USDT`));
    vi.advanceTimersByTime(400);
    expect(told.lines).toEqual([
      'waiting for candles of 500 series (REST: network: getaddrinfo ENOTFOUND fapi.binance.com)',
    ]);
    expect(logged.lines).toEqual([]);
  });
});
