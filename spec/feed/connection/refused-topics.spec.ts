import { VirtualTimeScheduler } from 'rxjs';
import { expect, it } from 'vitest';
import { RefusedTopics } from '../../../src/feed/connection/refused-topics.ts';

function rig() {
  const scheduler = new VirtualTimeScheduler(undefined, 7_200_000);
  const due: [number, readonly string[]][] = [];
  const refused = new RefusedTopics({
    scheduler,
    onDue: (topics) => {
      due.push([scheduler.now() / 1000, topics]);
      // The venue refuses them again.
      refused.add(topics);
    },
  });
  return { scheduler, refused, due };
}

it('are due after half a minute, then after twice as long each time, at most after half an hour', () => {
  const { scheduler, refused, due } = rig();
  refused.add(['a']);
  scheduler.flush();
  expect(due.map(([second]) => second)).toEqual([30, 90, 210, 450, 930, 1890, 3690, 5490]);
  expect([refused.size, refused.has('a')]).toEqual([1, true]);
});

it('are each due in their own time, and never once they are served or nobody wants them', () => {
  const { scheduler, refused, due } = rig();
  refused.add(['a', 'b']);
  scheduler.schedule(() => refused.add(['c']), 10_000);
  scheduler.schedule(() => refused.delete('b'), 20_000);
  scheduler.schedule(() => refused.delete('a'), 31_000);
  scheduler.schedule(() => refused.stop(), 50_000);
  scheduler.flush();
  expect(due).toEqual([[30, ['a']], [40, ['c']]]); // prettier-ignore
});
