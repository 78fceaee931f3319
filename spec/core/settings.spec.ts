import fc from 'fast-check';
import { VENUE_IDS } from '../../src/core/candle.ts';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RECONNECT } from '../../src/core/defaults.ts';
import { reconnectProblems, validateSettings } from '../../src/core/settings.ts';

const everything = {
  venue: 'binance-spot',
  testnet: true,
  credentials: { apiKey: 'key', apiSecret: 'secret' },
  endpoints: { stream: 'ws://127.0.0.1:9443', rest: 'http://127.0.0.1:8080' },
  proxy: 'http://bot:secret@proxy.corp:3128',
  tls: { rejectUnauthorized: false },
  connections: 2,
  reconnect: { initialDelayMs: 10, maxDelayMs: 40, multiplier: 1.5, maxRetries: Infinity, jitter: false },
  graceMs: 0,
  settleMs: 0,
  silenceMs: 1,
  restTimeoutMs: 0.5,
  rotateAfterMs: 2 ** 31 - 1,
  logLevel: 'silent',
};

describe('validateSettings', () => {
  it('takes every option as it is', () => {
    expect(validateSettings(everything)).toMatchObject({ settings: everything, problems: [] });
  });

  it.each([undefined, null, {}, { venue: undefined, reconnect: undefined }, { endpoints: {}, reconnect: {} }])(
    'has nothing against %j',
    (input) => expect(validateSettings(input).problems).toEqual([]),
  );

  it.each(['socks5://proxy.corp', false])('takes %j as the proxy', (proxy) =>
    expect(validateSettings({ proxy }).settings).toEqual({ proxy }),
  );

  it.each([true, '', 3128, 'bot:secret@proxy.corp', 'socks4://bot:secret@proxy.corp'])(
    'refuses %j as the proxy, without its password',
    (proxy) => {
      const [problem = ''] = validateSettings({ proxy }).problems;
      expect(problem).toMatch(/^proxy: must be false or an http:\/\/, https:\/\/ or socks5:\/\/ URL .*, got /);
      expect(problem).not.toContain('secret');
    },
  );

  it('takes the defaults of the reconnection for good', () => {
    expect(reconnectProblems(DEFAULT_RECONNECT)).toEqual([]);
  });

  it.each([
    ['WARN', 'warn'],
    ['Silent', 'silent'],
  ])('reads the log level %s as %s', (logLevel, expected) => {
    expect(validateSettings({ logLevel }).settings).toEqual({ logLevel: expected });
  });

  it('cuts slashes off the end of a URL', () => {
    const endpoints = { stream: 'wss://fstream.binance.com/market/', rest: 'https://fapi.binance.com/' };
    expect(validateSettings({ endpoints }).settings.endpoints).toEqual({
      stream: 'wss://fstream.binance.com/market',
      rest: 'https://fapi.binance.com',
    });
  });

  it('takes a REST host behind the path of a reverse proxy', () => {
    const endpoints = { rest: 'https://proxy.corp/binance/' };
    expect(validateSettings({ endpoints }).settings.endpoints).toEqual({ rest: 'https://proxy.corp/binance' });
  });

  it.each<[unknown, string]>([
    [42, 'options: must be an object with venue, testnet'],
    ['x', 'options: must be an object'],
    [[], 'options: must be an object with venue, testnet, credentials'],
    [{ venue: 'binance' }, `venue: must be one of ${VENUE_IDS.join(', ')} or ccxt:<exchange>, got "binance"`],
    [{ venue: 'binance-usd' }, 'did you mean binance-usdm?'],
    [{ venue: null }, `venue: must be one of ${VENUE_IDS.join(', ')} or ccxt:<exchange>, got null`],
    [{ testnet: 'yes' }, 'testnet: must be true or false, got "yes"'],
    [{ testnet: 1 }, 'testnet: must be true or false, got 1'],
    [{ graceMs: -1 }, 'graceMs: must be a number of ms from 0 to 2147483647, got -1'],
    [{ graceMs: '4000' }, 'graceMs: must be a number of ms from 0 to 2147483647, got "4000"'],
    [{ settleMs: Number.NaN }, 'settleMs: must be a number of ms from 0 to 2147483647, got NaN'],
    [{ settleMs: 2 ** 31 }, 'settleMs: must be a number of ms from 0 to 2147483647, got 2147483648'],
    [{ silenceMs: 0 }, 'silenceMs: must be a number of ms above 0 and at most 2147483647, got 0'],
    [{ restTimeoutMs: Infinity }, 'restTimeoutMs: must be a number of ms above 0 and at most 2147483647, got Infinity'],
    [{ rotateAfterMs: {} }, 'rotateAfterMs: must be a number of ms above 0 and at most 2147483647, got an object'],
    [{ connections: 3 }, 'connections: must be 1 or 2, got 3'],
    [{ connections: '2' }, 'connections: must be 1 or 2, got "2"'],
    [{ connections: true }, 'connections: must be 1 or 2, got true'],
    [{ logLevel: 'verbose' }, 'logLevel: must be one of trace, debug, info, warn, error, silent, got "verbose"'],
    [{ logLevel: 2 }, 'logLevel: must be one of trace, debug, info, warn, error, silent, got 2'],
    [
      { reconnect: 5 },
      'reconnect: must be an object with initialDelayMs, maxDelayMs, multiplier, maxRetries, jitter, got a number',
    ],
    [
      { reconnect: { initialDelayMs: -5 } },
      'reconnect.initialDelayMs: must be a number of ms from 0 to 2147483647, got -5',
    ],
    [
      { reconnect: { maxRetries: 1.5 } },
      'reconnect.maxRetries: must be a whole number of at least 0, or Infinity, got 1.5',
    ],
    [
      { reconnect: { maxRetries: -1 } },
      'reconnect.maxRetries: must be a whole number of at least 0, or Infinity, got -1',
    ],
    [{ reconnect: { multiplier: 0.5 } }, 'reconnect.multiplier: must be a number of at least 1, got 0.5'],
    [{ reconnect: { jitter: 0.5 } }, 'reconnect.jitter: must be true or false, got 0.5'],
    [
      { reconnect: { initialDelayMs: 2000, maxDelayMs: 1000 } },
      'reconnect.maxDelayMs: must be at least initialDelayMs (2000), got 1000',
    ],
    [{ endpoints: { stream: 'fstream.binance.com' } }, 'endpoints.stream: must be a ws:// or wss:// URL'],
    [{ endpoints: { stream: 'https://fstream.binance.com' } }, 'endpoints.stream: must be a ws:// or wss:// URL'],
    [
      { endpoints: { stream: 'wss://stream.binance.com/ws' } },
      'without the /stream that will be appended, got "wss://stream',
    ],
    [{ endpoints: { rest: 'ws://127.0.0.1:1' } }, 'endpoints.rest: must be an http:// or https:// URL'],
    [{ endpoints: { rest: 'https://fapi.binance.com/fapi/v1' } }, 'endpoints.rest: must be an http:// or https:// URL'],
    [{ graceMS: 1 }, 'graceMS: is not an option; did you mean graceMs?'],
    [{ timeframe: '1m' }, 'timeframe: is not an option; the options are venue, testnet'],
    [{ reconnect: { maxRetry: 1 } }, 'reconnect.maxRetry: is not an option; did you mean maxRetries?'],
    [JSON.parse('{"__proto__": 1}'), '__proto__: is not an option'],
    [{ constructor: 1 }, 'constructor: is not an option'],
    [{ credentials: { apiKey: 'k' } }, 'credentials.apiSecret: is missing; set both'],
    [{ credentials: { apiSecret: 's' } }, 'credentials.apiKey: is missing; set both'],
  ])('complains about %j', (input, complaint) => {
    const { problems } = validateSettings(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(complaint);
  });

  it('lets a lower bound of all delays stand beside the default first one', () => {
    expect(validateSettings({ reconnect: { maxDelayMs: 500 } }).problems).toEqual([]);
  });

  it('keeps what is good beside what is bad, and names every problem at once', () => {
    const input = { graceMs: 1, settleMs: -1, reconnect: { jitter: 'no', maxRetries: 3 }, extra: true };
    const { settings, problems } = validateSettings(input);
    expect(settings).toEqual({ graceMs: 1, reconnect: { maxRetries: 3 } });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['settleMs', 'reconnect.jitter', 'extra']);
  });

  it('tells a bad value from a key that is no option and from half a pair', () => {
    const input = { graceMs: -1, extra: 1, reconnect: { maxRetry: 1 }, credentials: { apiKey: 'k' } };
    const { problems, bad, unknown, half } = validateSettings(input);
    const keysOf = (list: readonly string[]) => list.map((problem) => problem.split(':')[0]);
    expect([bad, unknown, half].map(keysOf)).toEqual([
      ['graceMs'], ['extra', 'reconnect.maxRetry'], ['credentials.apiSecret'],
    ]); // prettier-ignore
    expect(problems).toEqual([...bad, ...unknown, ...half]);
  });

  it.each([
    { credentials: 'hunter2' },
    { credentials: { apiKey: 'hunter2' } },
    { credentials: { apiKey: ['hunter2'], apiSecret: { hunter2: 1 } } },
    { credentials: { hunter2: 'hunter2' } },
    { credentials: { apiKey: '  ', apiSecret: 'hunter2' } },
    { endpoints: { stream: 'wss://user:hunter2@host' } },
    { endpoints: { stream: 'wss://host/?listenKey=hunter2' } },
    { endpoints: { rest: 'https://host/#hunter2' } },
    { endpoints: { rest: 'https://hunter2@host' } },
  ])('repeats no secret: %#', (input) => {
    const { problems } = validateSettings(input);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('answers to anything, and repeats only what is good', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(everything)), (value, key) => {
        const { settings, problems } = validateSettings({ [key]: value });
        expect(problems.every((problem) => typeof problem === 'string')).toBe(true);
        expect(validateSettings(settings).problems.filter((problem) => !problem.startsWith('credentials'))).toEqual([]);
      }),
    );
  });
});
