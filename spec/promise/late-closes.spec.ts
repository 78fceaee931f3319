import { describe, expect, it } from 'vitest';
import { binanceSpot } from '../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 10_000 };

describe('a close that does not come by itself', () => {
  it.each([
    ['binance-usdm', binanceUsdm, 4000],
    ['binance-spot', binanceSpot, 2000],
  ] as const)('is fetched graceMs after its close on %s, and not before', (_, venue, graceMs) => {
    const sim = new SimFeed({ venue });
    sim.exchange.stream.swallow = (_series, openTime) => openTime === SIM_START + MINUTE;
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(2 * MINUTE - 20_000 + graceMs);
    expect(sim.exchange.rest.klines).toEqual([]);
    sim.advance(MINUTE);
    const asked = sim.exchange.rest.klines[0]?.exchangeAt ?? 0;
    expect(asked - (SIM_START + 2 * MINUTE)).toBeGreaterThanOrEqual(graceMs);
    expect(asked - (SIM_START + 2 * MINUTE)).toBeLessThan(graceMs + 200);
    expect(subscriber.got.map(({ candle }) => candle.source)).toEqual(['stream', 'backfill', 'stream']);
    expect(sim.of('CLOSE_RESCUED').map(({ timestamp }) => timestamp)).toEqual([SIM_START + MINUTE]);
    expect(sim.of('GAP_OPENED')).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is fetched too when the stream is quiet for hours, candle by candle', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.swallow = () => true;
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(180 * MINUTE);
    expect(
      sim
        .of('CANDLE_CLOSED')
        .map(({ candle, at }) => at - candle.closeTime)
        .every((late) => late < 7000),
    ).toBe(true);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is fetched too when the very first never comes', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.swallow = (_series, openTime) => openTime === SIM_START;
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(MINUTE + 6500);
    expect(subscriber.got.map(({ candle }) => [candle.timestamp, candle.source])).toEqual([[SIM_START, 'backfill']]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is never delivered from a row that stood still all minute and changes in its last second', () => {
    const sim = new SimFeed({ venue: binanceUsdm, lagMs: 900, movesAfterCloseMs: 1000 });
    sim.exchange.stream.swallow = () => true;
    sim.subscribe('BTCUSDT', '1m', { history: 3 });
    sim.advance(20 * MINUTE);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});

describe('a later candle that reveals a hole', () => {
  const swallowTwo = (_series: unknown, openTime: number) =>
    openTime === SIM_START + MINUTE || openTime === SIM_START + 2 * MINUTE;

  it('waits for it, tells of it at once and every ten seconds while REST is down, and goes out after it', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.swallow = swallowTwo;
    sim.advance(20_000);
    const subscriber = sim.subscribe('BTCUSDT', '1m');
    sim.advance(70_000);
    sim.exchange.rest.failWith = 'server';
    sim.advance(3 * MINUTE);
    const told = sim.of('GAP_OPENED');
    expect(told[0]).toMatchObject({ from: SIM_START + MINUTE, waitedMs: 0 });
    expect(told.every(({ waitedMs }, index) => Math.abs(waitedMs - index * 10_000) < 2000)).toBe(true);
    expect(told.at(-1)?.reason).toContain('server');
    expect(subscriber.got).toHaveLength(1);
    sim.exchange.rest.failWith = undefined;
    sim.advance(MINUTE);
    expect(sim.of('GAP_FILLED')).toHaveLength(1);
    expect(sim.of('GAP_FILLED')[0]).toMatchObject({ from: SIM_START + MINUTE });
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is held by rows that flicker no longer than they do', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.swallow = swallowTwo;
    let answers = 0;
    sim.exchange.rest.tamper = (rows) =>
      ++answers % 3 === 0 ? rows : rows.filter(({ timestamp }) => timestamp !== SIM_START + MINUTE);
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(6 * MINUTE);
    expect(sim.of('CANDLE_MISSING')).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
