import { asapScheduler, defer, lastValueFrom, NEVER, Observable, Subject, throwError } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, ReconnectExhaustedError, UnknownSymbolError } from '../../src/core/errors.ts';
import { retryWithBackoff } from '../../src/operators/retry-with-backoff.ts';
import { marbles } from '../support/marbles.ts';

const policy = { initialDelayMs: 2, maxDelayMs: 8, maxRetries: 10, jitter: false };

/** Each subscription gets the next of the sources; the last one stays. */
function inTurn<T>(...sources: Observable<T>[]): Observable<T> {
  let turn = 0;
  return defer(() => sources[Math.min(turn++, sources.length - 1)] ?? NEVER);
}

describe('retryWithBackoff', () => {
  marbles('lets pass what does not fail', ({ cold, expectObservable }) => {
    expectObservable(cold('-').pipe(retryWithBackoff(policy))).toBe('-');
    expectObservable(cold('|').pipe(retryWithBackoff(policy))).toBe('|');
    expectObservable(cold('-a-b-|').pipe(retryWithBackoff(policy))).toBe('-a-b-|');
  });

  marbles(
    'waits longer after each failure in a row, up to the maximum',
    ({ cold, scheduler, expectObservable, expectSubscriptions }) => {
      const source = cold('  #');
      const subscribed = [
      '(^!)',
      '--(^!)',
      '------(^!)',
      '--------------(^!)',
      '----------------------(^!)',
    ]; // prettier-ignore
      const left = '         ^----------------------!';
      expectObservable(source.pipe(retryWithBackoff(policy, { scheduler })), left).toBe('-');
      expectSubscriptions(source.subscriptions).toBe(subscribed);
    },
  );

  marbles('starts again from the first delay once a value came', ({ cold, scheduler, expectObservable }) => {
    const source$ = inTurn(cold('#'), cold('#'), cold('-a--#'), cold('-b-|'));
    //                0 +2 #  +4 at 6: -a--# at 10, +2 at 12
    const expected = '-------a-----b-|';
    expectObservable(source$.pipe(retryWithBackoff(policy, { scheduler }))).toBe(expected);
  });

  marbles('gives up with the last error of the source', ({ cold, scheduler, expectObservable }) => {
    const source$ = inTurn(cold('a#', undefined, 'one'), cold('#', undefined, 'two'), cold('#', undefined, 'three'));
    const expected = ' a------#';
    expectObservable(source$.pipe(retryWithBackoff({ ...policy, maxRetries: 2 }, { scheduler }))).toBe(
      expected,
      undefined,
      'three',
    );
  });

  marbles('does not retry at all with maxRetries 0', ({ cold, scheduler, expectObservable }) => {
    expectObservable(cold('a-#').pipe(retryWithBackoff({ maxRetries: 0 }, { scheduler }))).toBe('a-#');
  });

  marbles('never gives up with maxRetries Infinity', ({ cold, scheduler, expectObservable }) => {
    const left = '^ 100s !';
    expectObservable(cold('#').pipe(retryWithBackoff({ maxRetries: Infinity }, { scheduler })), left).toBe('-');
  });

  marbles('passes on at once what only a person can mend', ({ cold, scheduler, expectObservable }) => {
    const unknown = new UnknownSymbolError('FOO', 'binance-usdm');
    expectObservable(cold('a-#', undefined, unknown).pipe(retryWithBackoff(policy, { scheduler }))).toBe(
      'a-#',
      undefined,
      unknown,
    );
  });

  marbles('retries a feed that gave up', ({ cold, scheduler, expectObservable }) => {
    const source$ = inTurn(cold('#', undefined, new ReconnectExhaustedError(10)), cold('a|'));
    expectObservable(source$.pipe(retryWithBackoff(policy, { scheduler }))).toBe('--a|');
  });

  marbles('takes a random value between half of the delay and all of it', ({ cold, scheduler, expectObservable }) => {
    const dice = [0, 0.5, 0];
    const source$ = inTurn(cold('#'), cold('#'), cold('#'), cold('(a|)'));
    // half of 2, three quarters of 4, half of 8
    const result$ = source$.pipe(
      retryWithBackoff({ ...policy, jitter: true }, { scheduler, random: () => dice.shift() ?? 0 }),
    );
    expectObservable(result$).toBe('--------(a|)');
  });

  marbles('leaves source and wait when it is left', ({ cold, scheduler, expectObservable, expectSubscriptions }) => {
    const source = cold('  a-#');
    const left = '         ^--!';
    expectObservable(source.pipe(retryWithBackoff(policy, { scheduler })), left).toBe('a--');
    expectSubscriptions(source.subscriptions).toBe('^-!');
  });

  marbles('counts for each subscription on its own', ({ cold, scheduler, expectObservable }) => {
    const result$ = cold('#').pipe(retryWithBackoff({ ...policy, maxRetries: 1 }, { scheduler }));
    expectObservable(result$, '     ^').toBe('--#');
    expectObservable(result$, '-----^').toBe('-------#');
  });

  it('has left the old source before it subscribes to the new one', async () => {
    const log: string[] = [];
    const source$ = new Observable<number>((subscriber) => {
      log.push('open');
      queueMicrotask(() => subscriber.error(new Error('lost')));
      return () => log.push('close');
    });
    const result$ = source$.pipe(retryWithBackoff({ initialDelayMs: 0, maxRetries: 2 }));
    await expect(lastValueFrom(result$, { defaultValue: 0 })).rejects.toThrow('lost');
    expect(log).toEqual(['open', 'close', 'open', 'close', 'open', 'close']);
  });

  it('survives 5,000 failures during subscribe without deepening the stack', async () => {
    let depth = 0;
    const { stackTraceLimit } = Error;
    onTestFinished(() => void (Error.stackTraceLimit = stackTraceLimit));
    Error.stackTraceLimit = 1000;
    const source$ = defer(() => {
      depth = Math.max(depth, new Error().stack?.split('\n').length ?? 0);
      return throwError(() => new Error('at once'));
    });
    const tolerant = retryWithBackoff({ initialDelayMs: 0, maxRetries: 5000 }, { scheduler: asapScheduler });
    await expect(lastValueFrom(source$.pipe(tolerant), { defaultValue: 0 })).rejects.toThrow('at once');
    expect(depth).toBeLessThan(100);
  });

  it('retries with the documented defaults', () => {
    const source$ = new Subject<number>();
    const subscription = source$.pipe(retryWithBackoff()).subscribe();
    expect(source$.observed).toBe(true);
    subscription.unsubscribe();
    expect(source$.observed).toBe(false);
  });

  it('refuses a policy that cannot be used, naming every problem', () => {
    const attempt = () => retryWithBackoff({ initialDelayMs: -1, multiplier: 0.5 });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/initialDelayMs: must .*multiplier: must/);
  });
});
