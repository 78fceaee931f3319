import { describe, expect, it } from 'vitest';
import { FeedClosedError, GeoBlockedError } from '../../src/core/errors.ts';
import { FeedRig } from '../support/feed-rig.ts';
import { failure, listed } from '../support/fake-market.ts';

const MINUTE = 60_000;

/** What became of an answer that was asked for. */
function asked(rig: FeedRig) {
  const answer: { symbols?: readonly string[]; error?: unknown } = {};
  rig.feed.symbols().then(
    (symbols) => (answer.symbols = symbols.map(({ symbol }) => symbol)),
    (error: unknown) => (answer.error = error),
  );
  return answer;
}

/** Promises of what has happened so far have been kept. */
const kept = () => new Promise((resolve) => setImmediate(resolve));
const actionsOf = (rig: FeedRig) => rig.clock.actions.filter(({ closed }) => !closed).map(({ delay }) => delay);

async function after(rig: FeedRig, ms: number): Promise<void> {
  rig.run(ms);
  await kept();
}

describe('the symbols of a feed that nobody has subscribed to', () => {
  it('are read once for all who ask, and given again for a minute; nothing is left behind, nothing refreshed', async () => {
    const rig = new FeedRig();
    const [one, two] = [asked(rig), asked(rig)];
    await after(rig, 1000);
    expect([one, two]).toEqual(Array(2).fill({ symbols: ['BTCUSDT', 'ETHUSDT'] }));
    await after(rig, 1000);
    expect(actionsOf(rig)).toEqual([]);
    const three = asked(rig);
    await after(rig, 10 * MINUTE);
    expect(three.symbols).toHaveLength(2);
    expect(rig.market.asked).toEqual(['symbols at 0']);
    expect(rig.peer.sessions).toEqual([]);
    rig.market.symbols = [listed('NEWUSDT')];
    const later = asked(rig);
    await after(rig, 1000);
    expect(later.symbols).toEqual(['NEWUSDT']);
    await after(rig, 1000);
    expect(actionsOf(rig)).toEqual([]);
  });

  it('are asked for until the exchange answers', async () => {
    const rig = new FeedRig();
    rig.market.failing.symbols = failure('server');
    const answer = asked(rig);
    await after(rig, 30_000);
    expect(answer).toEqual({});
    rig.market.failing = {};
    await after(rig, 30_000);
    expect(answer.symbols).toHaveLength(2);
    await after(rig, 1000);
    expect(actionsOf(rig)).toEqual([]);
  });

  it('are refused where the exchange does not serve this place', async () => {
    const rig = new FeedRig();
    rig.market.failing.symbols = failure('geo-blocked');
    const answer = asked(rig);
    await after(rig, 1000);
    expect(answer.error).toBeInstanceOf(GeoBlockedError);
    await after(rig, 1000);
    expect(actionsOf(rig)).toEqual([]);
  });

  it('are refused by a feed that is closed, or is being closed', async () => {
    const rig = new FeedRig();
    const waiting = asked(rig);
    rig.feed.close();
    const late = asked(rig);
    await kept();
    expect(waiting.error).toBeInstanceOf(FeedClosedError);
    expect(late.error).toBeInstanceOf(FeedClosedError);
    rig.run(1000);
    expect(actionsOf(rig)).toEqual([]);
  });
});

describe('the symbols of a feed in use', () => {
  it('are those of its list, and come although the last subscriber leaves meanwhile', async () => {
    const rig = new FeedRig();
    rig.market.latencyMs = 1000;
    const { subscription } = rig.watch();
    const answer = asked(rig);
    subscription.unsubscribe();
    await after(rig, 2000);
    expect(answer.symbols).toHaveLength(2);
    expect(rig.market.count('symbols')).toBe(1);
    await after(rig, 1000);
    expect(actionsOf(rig)).toEqual([]);
  });

  it('go on being kept fresh for those who subscribed', async () => {
    const rig = new FeedRig();
    rig.watch();
    await after(rig, 1000);
    const answer = asked(rig);
    await after(rig, 11 * MINUTE);
    expect(answer.symbols).toHaveLength(2);
    expect(rig.market.count('symbols')).toBe(3);
  });
});

describe('history$', () => {
  it.each([
    ['ends at once where the exchange does not serve this place', 'geo-blocked', [GeoBlockedError]],
    ['waits while the exchange does not answer', 'server', []],
  ] as const)('%s', (_, why, expected) => {
    const rig = new FeedRig();
    rig.market.failing = { symbols: failure(why), time: failure(why), klines: failure(why) };
    const seen: unknown[] = [];
    const span = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 2) };
    const reading = rig.feed.history$('BTCUSDT', '1m', span).subscribe({ error: (error: unknown) => seen.push(error) });
    rig.run(1000);
    reading.unsubscribe();
    expect(seen).toEqual(expected.map((error) => expect.any(error) as unknown));
  });

  it('reads what can be read, as out of a store, where the stream alone has told the time', () => {
    const rig = new FeedRig();
    rig.market.failing = { symbols: failure('geo-blocked'), time: failure('geo-blocked') };
    rig.watch('BTCUSDT');
    rig.run(2 * MINUTE);
    const seen = { candles: 0, completed: false };
    const closed = Math.floor(rig.market.now() / MINUTE);
    rig.feed.history$('BTCUSDT', '1m', { from: 0, to: Date.UTC(2026, 0, 1) }).subscribe({
      next: () => (seen.candles += 1),
      complete: () => (seen.completed = true),
    });
    rig.run(MINUTE);
    expect(seen).toEqual({ candles: closed, completed: true });
  });
});

it('closedCandles$ of 3d ends where the exchange does not serve this place: REST alone tells when its candles open', () => {
  const rig = new FeedRig();
  const refused = failure('geo-blocked');
  rig.market.failing = { symbols: refused, time: refused, klines: refused };
  const { seen } = rig.watch('BTCUSDT', undefined, '3d');
  rig.run(MINUTE);
  expect(seen.error).toBeInstanceOf(GeoBlockedError);
});
