import { describe, expectTypeOf, it } from 'vitest';
import type { ClosedCandlesOptions, FeedOptions, ReconnectOptions, ResampleOptions } from '../../src/index.ts';
import { createFeed, type RetryWithBackoffOptions } from '../../src/index.ts';
import type {
  FakeExchangeOptions,
  FakeSymbol,
  PlayOptions,
  RandomFault,
  RandomFaultOptions,
} from '../../src/testing/index.ts';
import type { When } from '../../src/testing/index.ts';

/** The keys that may be left out, but not be undefined under `exactOptionalPropertyTypes`. */
type Refusing<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? (undefined extends Required<T>[K] ? never : K) : never;
}[keyof T];

describe('an option that may be left out may be undefined', () => {
  it('of a feed', () => {
    expectTypeOf<Refusing<FeedOptions>>().toBeNever();
    expectTypeOf<Refusing<NonNullable<FeedOptions['endpoints']>>>().toBeNever();
    expectTypeOf<Refusing<ReconnectOptions>>().toBeNever();
    createFeed({ testnet: undefined, endpoints: { stream: undefined }, reconnect: { jitter: undefined } });
  });

  it('of a subscription and of operators', () => {
    expectTypeOf<Refusing<ClosedCandlesOptions>>().toBeNever();
    expectTypeOf<Refusing<ResampleOptions>>().toBeNever();
    expectTypeOf<Refusing<RetryWithBackoffOptions>>().toBeNever();
  });

  it('of the fake exchange', () => {
    expectTypeOf<Refusing<FakeExchangeOptions>>().toBeNever();
    expectTypeOf<Refusing<NonNullable<FakeExchangeOptions['symbols']>>>().toBeNever();
    expectTypeOf<Refusing<FakeSymbol>>().toBeNever();
    expectTypeOf<Refusing<PlayOptions>>().toBeNever();
    expectTypeOf<Refusing<RandomFault>>().toBeNever();
    expectTypeOf<Refusing<RandomFaultOptions>>().toBeNever();
    expectTypeOf<Refusing<When<string>>>().toBeNever();
  });

  it('and it would be seen if it might not', () => {
    expectTypeOf<Refusing<{ a?: number; b?: number | undefined; c: number }>>().toEqualTypeOf<'a'>();
  });
});
