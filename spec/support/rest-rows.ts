import type { Observable } from 'rxjs';
import { expect } from 'vitest';
import { MarketDataError } from '../../src/ports/market-data.ts';

const MINUTE = 60_000;

/** Open time of the first row. */
export const FIRST_OPEN = 1_791_382_920_000;

/** A klines row of one minute as the exchange sends it. */
export function rowAt(openTime: number): unknown[] {
  return [openTime, '1.5', '2.5', '0.5', '1.0', '10', openTime + MINUTE - 1, '12', 3, '4', '5', '0'];
}

/** A body of two rows, and the request for them. */
export const TWO_ROWS = JSON.stringify([rowAt(FIRST_OPEN), rowAt(FIRST_OPEN + MINUTE)]);
export const TWO_MINUTES = {
  symbol: 'BTCUSDT',
  interval: '1m',
  from: FIRST_OPEN,
  before: FIRST_OPEN + 2 * MINUTE,
  limit: 2,
} as const;

/** The one value of an answer. */
export function valueOf<T>(answer$: Observable<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    answer$.subscribe({
      next: resolve,
      error: reject,
      complete: () => reject(new Error('it completed without a value')),
    });
  });
}

/** The error of an answer that must fail. */
export async function failureOf(answer$: Observable<unknown>): Promise<MarketDataError> {
  const error: unknown = await valueOf(answer$).then(
    () => expect.fail('it was answered'),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(MarketDataError);
  return error as MarketDataError;
}
