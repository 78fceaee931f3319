import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Candle } from '../../../src/core/candle.ts';
import { FeedClosedError } from '../../../src/core/errors.ts';
import { FeedStats } from '../../../src/feed/feed-stats.ts';
import { HistorySubscriber } from '../../../src/feed/series/history-subscriber.ts';
import { LiveSubscriber } from '../../../src/feed/series/series-subscriber.ts';
import { Delivery } from '../../../src/feed/series/delivery.ts';
import { SeriesSubscribers } from '../../../src/feed/series/series-subscribers.ts';
import { candle } from '../../support/candle.ts';
import { subscriberOf } from '../../support/subscriber.ts';

const MINUTE = 60_000;

/** Somebody who subscribed; notes what comes of it. */
function somebody(kind: 'live' | 'warm', subscribedAt = 0) {
  const story: string[] = [];
  const past = new Subject<Candle>();
  const subscriber = subscriberOf<Candle>({
    next: ({ timestamp, source }) => story.push(`${source} ${String(timestamp / MINUTE)}`),
    error: (error: FeedClosedError) => story.push(error.code),
    complete: () => story.push('complete'),
  });
  const delivery = new Delivery(subscriber, (given) => given, { stats: new FeedStats(), localNow: () => 0 });
  const owed = {
    liveFrom: (from: number) => from,
    until$: () => past,
    between$: () => past,
    warmUpEnd: (mark: number) => mark,
  };
  const warm = { subscribedAt, notBefore: 0, past: owed, nextLive: () => Infinity };
  const recipient =
    kind === 'live' ? new LiveSubscriber(delivery, subscribedAt, 0) : new HistorySubscriber(delivery, warm);
  return { recipient, story, past };
}

function all(...kinds: readonly ('live' | 'warm')[]) {
  const recipients = new SeriesSubscribers();
  const people = kinds.map((kind) => somebody(kind));
  for (const { recipient } of people) recipients.add(recipient);
  return { recipients, people, stories: () => people.map(({ story }) => story) };
}

describe('everybody who subscribed to a series', () => {
  it('gets each candle from their own mark on, and nothing while that is unknown', () => {
    const { recipients, people, stories } = all('live', 'live', 'live');
    people[0]?.recipient.begin(1 * MINUTE, 0);
    people[1]?.recipient.begin(2 * MINUTE, 0);
    for (const minute of [1, 2]) recipients.next(candle(minute));
    expect(stories()).toEqual([['stream 1', 'stream 2'], ['stream 2'], []]);
  });

  it('is known by when the first and the last of them came', () => {
    const recipients = new SeriesSubscribers();
    expect(recipients).toMatchObject({ isEmpty: true, firstSubscribedAt: Infinity, lastSubscribedAt: -Infinity });
    const [early, late] = [somebody('live', 5).recipient, somebody('live', 9).recipient];
    for (const recipient of [late, early]) recipients.add(recipient);
    expect(recipients).toMatchObject({ isEmpty: false, firstSubscribedAt: 5, lastSubscribedAt: 9 });
    recipients.delete(early);
    expect(recipients.firstSubscribedAt).toBe(9);
  });

  it('may leave and come while they are told', () => {
    const recipients = new SeriesSubscribers();
    const [one, two, three] = [somebody('live'), somebody('live'), somebody('live')];
    for (const { recipient } of [one, two, three]) recipient.begin(0, 0);
    recipients.add(one.recipient);
    recipients.add(two.recipient);
    one.story.push = (...words: string[]) => {
      recipients.delete(one.recipient);
      recipients.add(three.recipient);
      return Array.prototype.push.apply(one.story, words);
    };
    recipients.next(candle(1));
    recipients.next(candle(2));
    expect([one.story, two.story, three.story].map((story) => [...story])).toEqual([
      ['stream 1'], ['stream 1', 'stream 2'], ['stream 2'],
    ]); // prettier-ignore
  });

  it('fails together, or only those who did not ask for the past', () => {
    const { recipients, stories } = all('live', 'warm');
    recipients.failLive(new FeedClosedError());
    expect(stories()).toEqual([['FEED_CLOSED'], []]);
    recipients.error(new FeedClosedError());
    expect(stories()).toEqual([['FEED_CLOSED'], ['FEED_CLOSED']]);
  });
});

describe('those who asked for the past', () => {
  it('read it once it is known where it ends', () => {
    const { recipients, people } = all('warm', 'warm');
    people[0]?.recipient.begin(10 * MINUTE, 10 * MINUTE);
    recipients.warmUp();
    expect(people.map(({ past }) => past.observed)).toEqual([true, false]);
  });

  it('get all of it before the series completes, unless the feed is gone', () => {
    const [ended, gone] = [all('live', 'warm'), all('live', 'warm')];
    for (const { recipients, people } of [ended, gone]) {
      for (const { recipient } of people) recipient.begin(10 * MINUTE, 10 * MINUTE);
      recipients.warmUp();
    }
    ended.recipients.complete();
    expect(ended.stories()).toEqual([['complete'], []]);
    ended.people[1]?.past.complete();
    expect(ended.stories()).toEqual([['complete'], ['complete']]);
    gone.recipients.cutOff();
    expect(gone.stories()).toEqual([['complete'], ['complete']]);
    expect(gone.people[1]?.past.observed).toBe(false);
  });

  it('get what there is of a series that had ended before it ran', () => {
    const { recipients, people, stories } = all('warm');
    recipients.finish(10 * MINUTE);
    people[0]?.past.next(candle(9));
    people[0]?.past.complete();
    expect(stories()).toEqual([['history 9', 'complete']]);
  });
});
