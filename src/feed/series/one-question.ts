import { Subscription, type Observable } from 'rxjs';

/** One question at a time to somebody who answers once; a new one takes the place of the old. */
export class OneQuestion {
  #asking: Subscription | undefined;

  get isOpen(): boolean {
    return this.#asking !== undefined;
  }

  /** @param answer$ - asks until it is answered; an error would be a bug of ours, and is thrown as one */
  ask<T>(answer$: Observable<T>, then: (answer: T) => void): void {
    this.drop();
    const asking = new Subscription();
    this.#asking = asking;
    const answered = answer$.subscribe({
      next: (answer) => {
        if (this.#asking === asking) this.#asking = undefined;
        then(answer);
      },
      error: (bug: unknown) => {
        throw bug;
      },
    });
    asking.add(answered);
  }

  drop(): void {
    this.#asking?.unsubscribe();
    this.#asking = undefined;
  }
}
