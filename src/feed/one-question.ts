import type { Observable, Subscription } from 'rxjs';

/** One question at a time to somebody who answers once; a new one takes the place of the old. */
export class OneQuestion {
  #asking: Subscription | undefined;

  get isOpen(): boolean {
    return this.#asking !== undefined;
  }

  /** @param answer$ - asks until it is answered; an error would be a bug of ours, and is thrown as one */
  ask<T>(answer$: Observable<T>, then: (answer: T) => void): void {
    this.#asking?.unsubscribe();
    this.#asking = answer$.subscribe({
      next: (answer) => {
        this.#asking = undefined;
        then(answer);
      },
      error: (bug: unknown) => {
        throw bug;
      },
    });
  }

  drop(): void {
    this.#asking?.unsubscribe();
    this.#asking = undefined;
  }
}
