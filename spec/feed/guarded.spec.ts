import { EMPTY, of, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { guardedObserver, guardedScheduler } from '../../src/feed/guarded.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const broken = () => {
  throw new TypeError('ours');
};

describe('a guarded observer', () => {
  it.each([
    ['value', of(1)],
    ['error', throwError(() => new Error('theirs'))],
    ['end', EMPTY],
  ])('tells of what it throws over a %s', (_, source$) => {
    const bugs: unknown[] = [];
    const quiet = { next: () => undefined, error: broken, complete: broken };
    const observer = _ === 'value' ? { ...quiet, next: broken, complete: () => undefined } : quiet;
    source$.subscribe(guardedObserver(observer, (bug) => bugs.push(bug)));
    expect(bugs).toEqual([new TypeError('ours')]);
  });
});

describe('a guarded scheduler', () => {
  it('tells of what its work throws, when it is due, and goes on', () => {
    const clock = new VirtualClock();
    const bugs: string[] = [];
    const scheduler = guardedScheduler(clock, (bug) => bugs.push(`${String(bug)} at ${String(clock.now())}`));
    scheduler.schedule(broken, 100);
    const done: number[] = [];
    scheduler.schedule(() => done.push(scheduler.now()), 200);
    scheduler.schedule(() => done.push(0), 200).unsubscribe();
    clock.advance(300);
    expect([bugs, done]).toEqual([['TypeError: ours at 100'], [200]]);
  });

  it('serves RxJS, which lets its work schedule itself again', () => {
    const clock = new VirtualClock();
    const ticks: number[] = [];
    timer(100, 100, guardedScheduler(clock, broken)).subscribe((tick) => ticks.push(tick));
    clock.advance(350);
    expect(ticks).toEqual([0, 1, 2]);
  });
});
