import { describe, expect, it } from 'vitest';
import * as errors from '../../src/core/errors.ts';

const EXAMPLES: readonly (readonly [string, string, errors.FeedError, string])[] = [
  ['ConfigError', 'FEED_CONFIG', new errors.ConfigError(['graceMs: must be …']), 'graceMs'],
  ['FeedClosedError', 'FEED_CLOSED', new errors.FeedClosedError(), 'createFeed'],
  ['UnknownSymbolError', 'FEED_UNKNOWN_SYMBOL', new errors.UnknownSymbolError('BTC', 'binance-spot'), 'binance-spot'],
  ['SymbolNotTradingError', 'FEED_SYMBOL_NOT_TRADING', new errors.SymbolNotTradingError('X', 'BREAK'), 'history'],
  ['UnsupportedIntervalError', 'FEED_UNSUPPORTED_INTERVAL', new errors.UnsupportedIntervalError('7m', ['1m']), '1m'],
  ['GeoBlockedError', 'FEED_GEO_BLOCKED', new errors.GeoBlockedError('https://example.test'), 'example.test'],
  ['ReconnectExhaustedError', 'FEED_RECONNECT_EXHAUSTED', new errors.ReconnectExhaustedError(10), 'maxRetries'],
  ['InternalError', 'FEED_INTERNAL', new errors.InternalError(new TypeError('no field')), 'no field'],
  ['ResampleError', 'FEED_RESAMPLE', new errors.ResampleError('5m is not made of 3m'), '3m'],
];

describe.each(EXAMPLES)('%s', (name, code, error, hint) => {
  it('carries its name and its code, whatever a minifier does', () => {
    expect(error).toMatchObject({ name, code, lastTimestamp: undefined });
    expect(error).toBeInstanceOf(errors.FeedError);
  });

  it('says what to mend', () => {
    expect(error.message).toContain(hint);
  });
});

describe('isFeedError', () => {
  it('knows an error that another copy of this library made', () => {
    expect(errors.isFeedError(Object.assign(new Error('elsewhere'), { code: 'FEED_CLOSED' }))).toBe(true);
  });

  it.each([new Error('x'), Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), { code: 'FEED_CLOSED' }, null])(
    'does not claim %o',
    (error) => {
      expect(errors.isFeedError(error)).toBe(false);
    },
  );
});

it('lists every problem of a configuration at once', () => {
  expect(new errors.ConfigError(['a: x', 'b: y'])).toMatchObject({
    problems: ['a: x', 'b: y'],
    message: 'bad options: a: x; b: y',
  });
});

describe('an error that several subscriptions get', () => {
  const cause = new Error('socket hang up');
  const shared = new errors.ReconnectExhaustedError(10, { cause });

  it('tells each of them its own last candle', () => {
    expect(shared.after(60_000).lastTimestamp).toBe(60_000);
    expect(shared.after(120_000).lastTimestamp).toBe(120_000);
    expect(shared.after(undefined).lastTimestamp).toBeUndefined();
    expect(shared.lastTimestamp).toBeUndefined();
  });

  it.each(EXAMPLES)('is in all else the same %s', (name, code, error) => {
    const own = error.after(1);
    expect(own).toBeInstanceOf(error.constructor);
    expect(own).toBeInstanceOf(Error);
    expect(own).toMatchObject({
      ...(error as object),
      name,
      code,
      message: error.message,
      stack: error.stack,
      lastTimestamp: 1,
    });
    expect(String(own)).toBe(String(error));
    expect(errors.isFeedError(own)).toBe(true);
  });

  it('keeps its cause, and invents none', () => {
    expect(shared.after(1).cause).toBe(cause);
    expect('cause' in new errors.FeedClosedError().after(1)).toBe(false);
  });
});
