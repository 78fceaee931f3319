import { describe, expect, it } from 'vitest';
import { SharedBudgets } from '../../../src/feed/rest/shared-budgets.ts';
import type { Venue } from '../../../src/venues/venue.ts';
import { binanceCoinm } from '../../../src/venues/binance-coinm.ts';
import { binanceSpot } from '../../../src/venues/binance-spot.ts';
import { binanceUsdm } from '../../../src/venues/binance-usdm.ts';
import { failure } from '../../support/fake-market.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NOON = Date.UTC(2026, 10, 22, 12, 0, 30);

function rig() {
  const clock = new VirtualClock();
  const budgets = new SharedBudgets();
  const feedOf = (venue: Venue, restUrl = venue.endpoints.rest, aheadMs = NOON) => {
    const share = budgets.take(venue, restUrl, clock);
    return { share, budget: share.with(() => clock.now() + aheadMs) };
  };
  return { clock, feedOf };
}

describe('feeds of one process', () => {
  it.each<[string, [Venue, string?], [Venue, string?], boolean]>([
    ['of one market share what they may spend', [binanceUsdm], [binanceUsdm], true],
    ['of both futures markets share it too', [binanceUsdm], [binanceCoinm], true],
    ['of futures and spot do not', [binanceUsdm], [binanceSpot], false],
    ['of a market and its test network do not', [binanceSpot], [binanceSpot, binanceSpot.testnet.rest], false],
    ['of one fake exchange share it', [binanceUsdm, 'http://127.0.0.1:4000'], [binanceCoinm, 'http://127.0.0.1:4000/'], true],
    ['of two fake exchanges do not', [binanceUsdm, 'http://127.0.0.1:4000'], [binanceUsdm, 'http://127.0.0.1:4001'], false],
  ])('%s', (_, one, other, share) => {
    const { feedOf } = rig();
    feedOf(...one).budget.spend(50);
    expect(feedOf(...other).budget.usedWeight).toBe(share ? 50 : 0);
  }); // prettier-ignore
});

describe('a budget outlives the feed that used it', () => {
  it('with what it spent', () => {
    const { clock, feedOf } = rig();
    const first = feedOf(binanceUsdm);
    first.budget.spend(50);
    first.share.release();
    clock.advance(1000);
    expect(feedOf(binanceUsdm).budget.usedWeight).toBe(50);
  });

  it('with a ban above all', () => {
    const { clock, feedOf } = rig();
    const first = feedOf(binanceUsdm);
    first.budget.heed(failure('banned'));
    first.share.release();
    clock.advance(1000);
    expect(feedOf(binanceUsdm).budget.waitFor(1)).toBeGreaterThan(50_000);
  });

  it('and counts minutes by its clock as it was, not as it becomes once the feed is gone', () => {
    const clock = new VirtualClock();
    let offset = NOON;
    const share = new SharedBudgets().take(binanceUsdm, binanceUsdm.endpoints.rest, clock);
    const budget = share.with(() => clock.now() + offset);
    budget.spend(50)(undefined);
    share.release();
    offset += 3_600_000;
    expect(budget.usedWeight).toBe(50);
  });
});

it('counts minutes by the clock of the feed that came last', () => {
  const { clock, feedOf } = rig();
  const first = feedOf(binanceUsdm);
  const second = feedOf(binanceUsdm, binanceUsdm.endpoints.rest, NOON + 25_000);
  first.share.release();
  second.budget.spend(50)(undefined);
  clock.advance(6000);
  expect(second.budget.usedWeight).toBe(0);
});

it('goes on by the clock of the feed that is there when another leaves', () => {
  const clock = new VirtualClock();
  const budgets = new SharedBudgets();
  let offset = NOON;
  const share = () => budgets.take(binanceUsdm, binanceUsdm.endpoints.rest, clock);
  const [first, second] = [share(), share()];
  first.with(() => clock.now() + NOON);
  const budget = second.with(() => clock.now() + offset);
  budget.spend(50)(undefined);
  first.release();
  offset += 60_000;
  expect(budget.usedWeight).toBe(0);
});
