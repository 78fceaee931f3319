import { describe, expect, it } from 'vitest';
import { binanceUsdm } from '../../src/venues/binance/usdm.ts';
import { SIM_START } from '../support/sim-exchange.ts';
import { SimFeed } from '../support/sim-feed.ts';
import { complaintsAbout } from '../support/sim-oracle.ts';

const MINUTE = 60_000;
const RIGHT = { clockErrorMs: 300, tailMs: 15_000 };

describe('a series whose closes the stream does not send', () => {
  it('is told silent after three that hold trades, moved to a fresh connection, and goes on over REST', () => {
    const sim = new SimFeed({ venue: binanceUsdm });
    sim.exchange.stream.swallow = ({ symbol }, openTime) => symbol === 'BTCUSDT' && openTime < SIM_START + 6 * MINUTE;
    sim.advance(20_000);
    const silent = sim.subscribe('BTCUSDT', '1m');
    const healthy = sim.subscribe('ETHUSDT', '1m');
    sim.advance(9 * MINUTE);
    expect(sim.of('SERIES_SILENT').map(({ symbol }) => symbol)).toContain('BTCUSDT');
    expect(sim.of('SERIES_SILENT')[0]).toMatchObject({ symbol: 'BTCUSDT', since: SIM_START + MINUTE });
    expect(sim.of('DISCONNECTED').map(({ reason }) => reason)).toContain('silent series');
    expect(silent.got.at(-1)?.candle.source).toBe('stream');
    expect(new Set(healthy.got.map(({ candle }) => candle.source))).toEqual(new Set(['stream']));
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });

  it('is none of that while nothing is traded', () => {
    const sim = new SimFeed({ venue: binanceUsdm, truth: { emptyShare: 1 } });
    sim.exchange.stream.swallow = () => true;
    sim.advance(20_000);
    sim.subscribe('BTCUSDT', '1m');
    sim.advance(30 * MINUTE);
    expect(sim.of('SERIES_SILENT')).toEqual([]);
    expect(complaintsAbout(sim, RIGHT)).toEqual([]);
  });
});
