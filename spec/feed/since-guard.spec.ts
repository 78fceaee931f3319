import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import { asOf } from '../../src/core/closed-candles-options.ts';
import { SinceGuard } from '../../src/feed/since-guard.ts';
import { FeedRig } from '../support/feed-rig.ts';
import { STARTS_AT } from '../support/fake-market.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

describe('a time far ahead of the exchange', () => {
  it('is an error as soon as the exchange’s clock is known, and leaves nothing behind', () => {
    const rig = new FeedRig();
    const { seen } = rig.watch('BTCUSDT', { since: STARTS_AT + DAY + MINUTE });
    expect(seen.error).toBeUndefined();
    rig.run(1000);
    expect(seen.error).toBeInstanceOf(ConfigError);
    expect((seen.error as ConfigError).problems).toEqual([
      "since: 1970-01-02T16:41:30.000Z is more than a day ahead of the exchange's time, 1970-01-01T16:40:30.020Z",
    ]);
    rig.run(2000);
    expect(rig.peer.open).toEqual([]);
    expect(rig.clock.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('is one at once where the clock is known, and harms no other subscriber', () => {
    const rig = new FeedRig();
    const live = rig.watch();
    rig.run(1000);
    expect(rig.watch('BTCUSDT', { since: STARTS_AT + 2 * DAY }).seen.error).toBeInstanceOf(ConfigError);
    rig.run(MINUTE);
    expect(live.seen.minutes).toEqual([1000]);
  });

  it('is judged by the exchange’s clock, not by ours', () => {
    const rig = new FeedRig({ wallClockNow: () => STARTS_AT + 10 * DAY });
    const { seen } = rig.watch('BTCUSDT', { since: STARTS_AT + 2 * DAY });
    rig.run(1000);
    expect(seen.error).toBeInstanceOf(ConfigError);
  });

  it('is nobody’s concern once its subscriber has left', () => {
    const refused: unknown[] = [];
    const clock = { known: false, now: () => 0 };
    const guard = new SinceGuard(clock);
    const forget = guard.add(2 * DAY, (error) => refused.push(error));
    guard.add(3 * DAY, (error) => refused.push(error));
    forget();
    guard.check();
    guard.check();
    expect(refused).toHaveLength(1);
  });
});

it.each([0, DAY - 1000])('a time %d ms ahead gives nothing before then, and no error', (ahead) => {
  const rig = new FeedRig();
  const { seen } = rig.watch('BTCUSDT', { since: STARTS_AT + ahead });
  rig.run(2 * MINUTE);
  expect(seen.error).toBeUndefined();
  expect(seen.minutes).toEqual(ahead === 0 ? [1001] : []);
});

it('a subscription that waited for its feed is owed the candle that ran when it was made', () => {
  const rig = new FeedRig();
  rig.run(40_000);
  const { seen } = rig.watch('BTCUSDT', asOf(rig.clock.now() - 20_000, undefined));
  rig.run(MINUTE);
  expect(seen.minutes).toEqual([1000, 1001]);
});
