import { Subscription, type Observable } from 'rxjs';
import { guardedObserver } from '../guarded.ts';

/** Who asks. */
export interface Asker {
  /** The answer was an error, or handling it threw: a bug of ours. */
  onBug(bug: unknown): void;
}

/** One question at a time to somebody who answers once; a new one takes the place of the old. */
export class LatestRequest {
  #asking: Subscription | undefined;

  get isOpen(): boolean {
    return this.#asking !== undefined;
  }

  /** @param answer$ - asks until it is answered; an error is a bug of ours, as is what `then` throws */
  ask<T>(answer$: Observable<T>, then: (answer: T) => void, asker: Asker): void {
    this.drop();
    const asking = new Subscription();
    this.#asking = asking;
    const onBug = (bug: unknown): void => {
      asker.onBug(bug);
    };
    const observer = {
      next: (answer: T) => {
        if (this.#asking === asking) this.#asking = undefined;
        then(answer);
      },
      error: onBug,
      complete: () => undefined,
    };
    asking.add(answer$.subscribe(guardedObserver(observer, onBug)));
  }

  drop(): void {
    this.#asking?.unsubscribe();
    this.#asking = undefined;
  }
}
