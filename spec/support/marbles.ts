import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { expect, it } from 'vitest';

/** What a marble spec is given: RxJS's helpers, and the scheduler to hand to what it tests. */
export type Marbles = RunHelpers & { readonly scheduler: TestScheduler };

/** A spec in virtual time: one frame is one millisecond, and frame 0 is the epoch. */
export function marbles(title: string, body: (helpers: Marbles) => void): void {
  it(title, () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run((helpers) => body({ ...helpers, scheduler }));
  });
}
