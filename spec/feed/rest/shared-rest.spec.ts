import { describe, expect, it } from 'vitest';
import { SharedRest } from '../../../src/feed/rest/shared-rest.ts';
import type { Connector } from '../../../src/ports/connector.ts';
import { binanceCoinm } from '../../../src/venues/binance/coinm.ts';
import { binanceSpot } from '../../../src/venues/binance/spot.ts';
import { binanceUsdm } from '../../../src/venues/binance/usdm.ts';
import { failure } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NOON = Date.UTC(2026, 10, 22, 12, 0, 30);

/** The host of a market, or another one that speaks its dialect. */
function hostOf(venue: Connector, url = venue.endpoints.rest) {
  return { protocol: venue.rest, url, isMain: url === venue.endpoints.rest };
}

function rig() {
  const clock = new VirtualClock();
  const hosts = new SharedRest();
  const feedOf = (venue: Connector, url?: string, aheadMs = NOON) => {
    const share = hosts.take(hostOf(venue, url), clock);
    const { limits, queue } = share.with(() => clock.now() + aheadMs);
    const spend = (weight: number) => limits.spend({ weight })(undefined);
    return { share, limits, queue, spend, used: () => limits.uses[0]?.used };
  };
  return { clock, feedOf };
}

describe('feeds of one process', () => {
  it.each<[string, [Connector, string?], [Connector, string?], boolean]>([
    ['of one market share what they may spend', [binanceUsdm], [binanceUsdm], true],
    ['of both futures markets share it too', [binanceUsdm], [binanceCoinm], true],
    ['of futures and spot do not', [binanceUsdm], [binanceSpot], false],
    ['of a market and its test network do not', [binanceSpot], [binanceSpot, binanceSpot.testnet.rest], false],
    ['of one fake exchange share it', [binanceUsdm, 'http://127.0.0.1:4000'], [binanceCoinm, 'http://127.0.0.1:4000/'], true],
    ['of two fake exchanges do not', [binanceUsdm, 'http://127.0.0.1:4000'], [binanceUsdm, 'http://127.0.0.1:4001'], false],
  ])('%s', (_, one, other, share) => {
    const { feedOf } = rig();
    feedOf(...one).spend(50);
    expect(feedOf(...other).used()).toBe(share ? 50 : 0);
  }); // prettier-ignore
});

it.each<[string, [Connector, string?], [Connector, string?], boolean]>([
  ['two feeds of a market', [binanceUsdm], [binanceUsdm], true],
  ['two markets at one host', [binanceUsdm, 'http://127.0.0.1:4000'], [binanceSpot, 'http://127.0.0.1:4000/'], true],
  ['two markets at their own hosts', [binanceUsdm], [binanceCoinm], false],
])('%s share the places at a host if it is one', (_, one, other, share) => {
  const { feedOf } = rig();
  expect(feedOf(...one).queue === feedOf(...other).queue).toBe(share);
});

describe('a budget outlives the feed that used it', () => {
  it('with what it spent', () => {
    const { clock, feedOf } = rig();
    const first = feedOf(binanceUsdm);
    first.spend(50);
    first.share.release();
    clock.advance(1000);
    expect(feedOf(binanceUsdm).used()).toBe(50);
  });

  it('with a ban above all', () => {
    const { clock, feedOf } = rig();
    const first = feedOf(binanceUsdm);
    first.limits.applyBackoff(failure('banned'), {});
    first.share.release();
    clock.advance(1000);
    expect(feedOf(binanceUsdm).limits.waitFor({ weight: 1 })).toBeGreaterThan(50_000);
  });

  it('with what the host said of its limits', () => {
    const { feedOf } = rig();
    const first = feedOf(binanceSpot, 'https://api.binance.us');
    first.limits.learn([{ name: 'weight', limit: 1200, windowMs: 60_000, window: 'fixed' }]);
    first.share.release();
    expect(feedOf(binanceSpot, 'https://api.binance.us').limits.uses[0]?.limit).toBe(1200);
    expect(feedOf(binanceSpot).limits.uses[0]?.limit).toBe(6000);
  });

  it('and counts minutes by its clock as it was, not as it becomes once the feed is gone', () => {
    const clock = new VirtualClock();
    let offset = NOON;
    const share = new SharedRest().take(hostOf(binanceUsdm), clock);
    const { limits } = share.with(() => clock.now() + offset);
    limits.spend({ weight: 50 })(undefined);
    share.release();
    offset += 3_600_000;
    expect(limits.uses[0]?.used).toBe(50);
  });
});

it('counts minutes by the clock of the feed that came last', () => {
  const { clock, feedOf } = rig();
  const first = feedOf(binanceUsdm);
  const second = feedOf(binanceUsdm, binanceUsdm.endpoints.rest, NOON + 25_000);
  first.share.release();
  second.spend(50);
  clock.advance(6000);
  expect(second.used()).toBe(0);
});

it('goes on by the clock of the feed that is there when another leaves', () => {
  const clock = new VirtualClock();
  const hosts = new SharedRest();
  let offset = NOON;
  const share = () => hosts.take(hostOf(binanceUsdm), clock);
  const [first, second] = [share(), share()];
  first.with(() => clock.now() + NOON);
  const { limits } = second.with(() => clock.now() + offset);
  limits.spend({ weight: 50 })(undefined);
  first.release();
  offset += 60_000;
  expect(limits.uses[0]?.used).toBe(0);
});
