import { defer, retry } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import { GeoBlockedError, ReconnectExhaustedError } from '../../src/core/errors.ts';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { openTimesOf, SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout, leftovers } from '../support/sim-oracle.ts';
import type { Spell } from '../support/sim-weather.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 15_000 };
const spell = (fault: Spell['fault'], from: number, lasts: number): Spell => ({ fault, from, lasts, share: 1 });

describe('connections come and go', () => {
  it.each([
    ['by age', []],
    ['after serverShutdown', [spell('shutdown', 100_000, 1000)]],
  ])('a new one takes over %s without loss, repeat or REST', (_, spells) => {
    const rotateAfterMs = spells.length > 0 ? 82_800_000 : 40_000;
    const sim = new SimFeed({ venue: binanceSpot, spells }, { rotateAfterMs });
    sim.advance(300);
    const subscribers = ['BTCUSDT', 'ETHUSDT'].map((symbol) => sim.subscribe(symbol, '1s'));
    sim.advance(5 * MINUTE);
    expect(sim.of('CONNECTED').length).toBeGreaterThan(1);
    const live = subscribers.flatMap(({ got }) => got.slice(2));
    expect(new Set(live.map(({ candle }) => candle.source))).toEqual(new Set(['stream']));
    expect(sim.exchange.rest.klines.filter(({ exchangeAt }) => exchangeAt > SIM_START + 5000)).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('fetches nothing after a reconnect within a candle, and just what has closed otherwise', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.advance(20_000);
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(MINUTE);
    sim.exchange.stream.dropAll();
    sim.advance(10_000);
    expect(sim.of('CONNECTED')).toHaveLength(2);
    expect(sim.exchange.rest.klines).toEqual([]);
    sim.exchange.stream.refuseWith = 503;
    sim.exchange.stream.dropAll();
    sim.advance(2 * MINUTE + 50_000);
    sim.exchange.stream.refuseWith = undefined;
    sim.advance(5 * MINUTE);
    const asked = sim.exchange.rest.klines.map(({ klines }) => klines?.from ?? 0);
    expect(Math.min(...asked)).toBeGreaterThan(SIM_START);
    const fetched = sim.of('CANDLE_CLOSED').filter(({ candle }) => candle.source === 'backfill');
    expect(fetched.length).toBeGreaterThanOrEqual(2);
    expect(sim.exchange.rest.klines.length).toBeLessThanOrEqual(2 * fetched.length);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('finds a peer that is gone without a word, and loses nothing by it', () => {
    const sim = new SimFeed({ venue: binanceSpot, spells: [spell('half-open', 60_000, 1500)] });
    sim.subscribe('BTCUSDT', '1s');
    sim.advance(3 * MINUTE);
    const lost = sim.of('DISCONNECTED').find(({ reason }) => reason === 'no pong');
    expect(lost?.at ?? Infinity).toBeLessThan(SIM_START + 72_000);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('gives up after maxRetries, tells the last candle, and resumes from it without a hole', () => {
    const reconnect = { ...DEFAULT_RECONNECT, maxRetries: 2, jitter: false };
    const sim = new SimFeed({ venue: binanceUsdm }, { reconnect });
    sim.advance(20_000);
    const first = sim.subscribe('BTCUSDT', '1m');
    sim.advance(2 * MINUTE);
    sim.exchange.stream.refuseWith = 503;
    sim.exchange.stream.dropAll();
    sim.advance(MINUTE);
    const { error } = first;
    expect(error).toBeInstanceOf(ReconnectExhaustedError);
    const { lastTimestamp = NaN } = error as ReconnectExhaustedError;
    expect(lastTimestamp).toBe(openTimesOf(first).at(-1));
    sim.advance(5 * MINUTE);
    expect(leftovers(sim)).toEqual([]);
    sim.exchange.stream.refuseWith = undefined;
    const second = sim.subscribe('BTCUSDT', '1m', { since: lastTimestamp });
    sim.advance(3 * MINUTE);
    first.error = undefined;
    expect(openTimesOf(second)[0]).toBe(lastTimestamp + MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('serves two subscribers of one series who both come back at once when retries are exhausted', () => {
    const reconnect = { ...DEFAULT_RECONNECT, maxRetries: 1, jitter: false };
    const sim = new SimFeed({ venue: binanceUsdm }, { reconnect });
    const got: number[][] = [[], []];
    for (const times of got) {
      const resumed$ = defer(() => {
        const since = times.at(-1);
        return sim.feed.closedCandles$('BTCUSDT', '1m', since === undefined ? {} : { since });
      });
      resumed$.pipe(retry(20)).subscribe(({ timestamp }) => times.push(timestamp));
    }
    sim.advance(2 * MINUTE);
    sim.exchange.stream.refuseWith = 503;
    sim.exchange.stream.dropAll();
    sim.advance(10_000);
    sim.exchange.stream.refuseWith = undefined;
    sim.advance(5 * MINUTE);
    for (const times of got) expect(times).toEqual([0, 1, 2, 3, 4, 5, 6].map((minute) => SIM_START + minute * MINUTE));
    expect(sim.exchange.stream.open).toHaveLength(1);
    expect(sim.of('CANDLE_CLOSED').at(-1)?.candle.source).toBe('stream');
  });

  it('REST may refuse this location as long as the stream needs no help', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.rest.failWith = 'geo-blocked';
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(5 * MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
    sim.exchange.stream.swallow = (_series, openTime) => openTime === SIM_START + 6 * MINUTE;
    sim.advance(4 * MINUTE);
    expect(subscriber.error).toBeInstanceOf(GeoBlockedError);
    expect((subscriber.error as GeoBlockedError).lastTimestamp).toBe(SIM_START + 5 * MINUTE);
  });
});
