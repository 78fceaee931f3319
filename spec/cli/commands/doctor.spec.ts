import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import { VENUE_IDS } from '../../../src/configuration.ts';
import { startFakeExchange, type FakeExchange, type FakeExchangeOptions } from '../../../src/testing/index.ts';
import { hasOpenssl, makeCertificates, type Certificates } from '../../support/certificates.ts';
import { PROXIED_HOST, startHttpProxy, startSocksProxy } from '../../support/proxies.ts';
import { fakeTerminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';

interface Line {
  readonly id: string;
  readonly title: string;
  readonly outcome: string;
  readonly found: string;
  readonly advice: string | null;
  readonly measures: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

const VENUE = 'binance-usdm';
const PATIENCE_MS = 60_000;
/** For a check that is to succeed, however busy the machine. */
const PATIENCE_S = '60';
/** Nothing listens there. */
const NOBODY = '127.0.0.1:1';
const IDS = [
  ...['config', 'keys', 'venue', 'proxy', 'rest-dns', 'rest-tcp', 'rest-tls', 'rest'],
  ...['stream-dns', 'stream-tcp', 'stream-tls', 'stream', 'geo-block', 'rate-limits'],
  ...['clock', 'symbols', 'data', 'spelling', 'close-lag'],
];

let folder: string;
let config: string;
let exchange: FakeExchange;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rx-candles-doctor-'));
  config = join(folder, 'feed.yaml');
  writeFileSync(config, 'restTimeoutMs: 60000\n');
  exchange = await startFakeExchange();
});
afterAll(async () => {
  await exchange.close();
  rmSync(folder, { recursive: true });
});

function hostsOf(of: FakeExchange): Record<string, string> {
  const { stream, rest } = of.endpoints(VENUE);
  return { '--config': config, '--stream-url': stream, '--rest-url': rest };
}

/** Later options take the place of earlier ones. */
async function doctor(...args: readonly (string | Record<string, string>)[]) {
  const { terminal, lines, err } = fakeTerminal();
  const options = args.filter((arg) => typeof arg === 'object').reduce((all, some) => ({ ...all, ...some }), {});
  const words = args.filter((arg) => typeof arg === 'string');
  const code = await run(
    ['doctor', '--json', '--timeout', PATIENCE_S, ...words, ...Object.entries(options).flat()],
    terminal,
  );
  const all = lines().map((line) => JSON.parse(line) as Line);
  const of = (id: string) => all.find((line) => line.id === id) ?? expect.fail(`no line of ${id}`);
  const failed = all.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  return { code, err: err(), all, of, failed, text: lines().join('\n') };
}

async function withFault(
  fault: (exchange: FakeExchange) => unknown,
  args: readonly string[] = ['--quick'],
  options?: FakeExchangeOptions,
) {
  await using own = await startFakeExchange({ venues: [VENUE], ...options });
  fault(own);
  return await doctor(hostsOf(own), ...args);
}

describe.concurrent('rx-candles doctor', () => {
  it.each(VENUE_IDS)('finds nothing wrong with %s', async (venue) => {
    const { stream, rest } = exchange.endpoints(venue);
    const hosts = { '--venue': venue, '--stream-url': stream, '--rest-url': rest };
    const { code, err, all, of } = await doctor(hostsOf(exchange), hosts, '--quick');
    expect([code, err, all.map(({ id }) => id)]).toEqual([0, '', IDS]);
    const ok = all.filter(({ outcome }) => outcome === 'ok').map(({ id }) => id);
    const plain = ['rest-dns', 'rest-tls', 'stream-dns', 'stream-tls', 'close-lag'];
    expect(ok).toEqual(IDS.filter((id) => !plain.includes(id)));
    expect(of('close-lag')).toMatchObject({ outcome: 'skipped', found: 'left out by --quick' });
  });

  it('looks at an exchange of ccxt as far as it can be seen', async () => {
    const { '--stream-url': stream = '', ...others } = hostsOf(exchange);
    const hosts = { '--venue': 'ccxt:binanceusdm', '--stream-url': stream.replace('/market', '') };
    const { code, of } = await doctor(others, hosts, '--quick');
    expect(code).toBe(0);
    expect(of('stream')).toMatchObject({ outcome: 'skipped' });
    expect(of('data')).toMatchObject({ outcome: 'ok', measures: { symbols: ['BTC/USDT:USDT'] } });
  });

  it('waits for a close of a minute, and tells a clock that is wrong', async () => {
    const startAt = Date.UTC(2026, 10, 25, 12, 0, 54);
    const offset = Date.now() - startAt;
    const { code, err, of, failed } = await withFault(() => undefined, ['ethusdt'], { startAt });
    expect([code, failed, err]).toEqual([1, ['clock'], 'rx-candles: 1 of 19 checks failed: clock\n']);
    expect(Math.abs(Number(of('clock').measures['aheadMs']) - offset)).toBeLessThan(10_000);
    expect(of('close-lag').measures).toMatchObject({ symbol: 'ETHUSDT' });
    expect(of('close-lag').measures['lagMs']).toBeGreaterThanOrEqual(0);
  });

  it.each<[string, (exchange: FakeExchange) => unknown, Record<string, [RegExp, RegExp]>]>([
    ['451 over REST', ({ faults }) => faults.rest.fail(451), { rest: [/HTTP 451/, /geo-block/], 'geo-block': [/by REST \(HTTP 451\)/, /location that the exchange serves/] }], // prettier-ignore
    ['451 on the stream', ({ faults }) => faults.stream.refuse(451), { stream: [/HTTP 451/, /geo-block/], 'geo-block': [/by the stream/, /useless/] }], // prettier-ignore
    ['429', ({ faults }) => faults.rest.fail(429, { retryAfter: 30 }), { rest: [/HTTP 429/, /rate limits/], 'rate-limits': [/wait 30 s$/, /ask less/] }], // prettier-ignore
    ['418', ({ faults }) => faults.rest.banInWords(90_000), { rest: [/HTTP 418/, /rate limits/], 'rate-limits': [/wait (8\d|9\d) s$/, /banned/] }], // prettier-ignore
    ['403', ({ faults }) => faults.rest.fail(403), { rest: [/HTTP 403/, /rate limits/], 'rate-limits': [/HTTP 403/, /firewall of the exchange/] }], // prettier-ignore
    ['429 on the stream', ({ faults }) => faults.stream.refuse(429, { retryAfter: 9 }), { stream: [/HTTP 429/, /rate limits/], 'rate-limits': [/the stream: .*; wait 9 s$/, /ask less/] }], // prettier-ignore
    ['503', ({ faults }) => faults.rest.fail(503), { rest: [/HTTP 503/, /status page/] }],
    [
      'a page instead of an answer',
      ({ faults }) => faults.rest.badBody('html'),
      { rest: [/time: /, /not this exchange/] },
    ],
    ['an acknowledgement without data', ({ faults }) => faults.stream.silence(), { data: [/^nothing of BTCUSDT 1m/, /acknowledged: the route/] }], // prettier-ignore
    [
      'a connection that does not last',
      ({ faults }) => faults.stream.flap(),
      { data: [/close frame/, /does not last/] },
    ],
  ])('tells of %s', async (_, fault, expected) => {
    const { code, failed, of } = await withFault(fault, ['--quick', '--timeout', '4']);
    expect([code, failed]).toEqual([1, Object.keys(expected)]);
    for (const [id, [found, advice]] of Object.entries(expected)) {
      expect(of(id).found).toMatch(found);
      expect(of(id).advice).toMatch(advice);
    }
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['a port where nobody listens', { '--rest-url': `http://${NOBODY}` }, 'rest-tcp', /nothing listens at 127.0.0.1:1/],
    ['a name that nobody has', { '--stream-url': 'wss://exchange.invalid/market' }, 'stream-dns', /DNS|spelling/],
    ['a proxy that is gone', { '--proxy': `http://bot:secret@${NOBODY}` }, 'proxy', /host and port of the proxy/],
  ])('tells of %s, and goes on with what does not need it', async (_, args, id, advice) => {
    const { code, failed, of, text, err } = await doctor(hostsOf(exchange), args, '--quick');
    expect([code, failed]).toEqual([1, [id]]);
    expect(of(id).advice).toMatch(advice);
    expect(of('data').outcome).toBe('skipped');
    expect(of('rest').outcome).toBe(id === 'stream-dns' ? 'ok' : 'skipped');
    expect(of('stream').outcome).toBe(id === 'rest-tcp' ? 'ok' : 'skipped');
    expect(text + err).not.toContain('secret');
  });

  it('tells of a path that is not the exchange’s, and of a scheme that is not the host’s', async () => {
    const { '--stream-url': stream = '', '--rest-url': rest = '' } = hostsOf(exchange);
    const wrong = { '--stream-url': `${new URL(stream).origin}/wrong`, '--rest-url': rest.replace('http', 'https') };
    const { failed, of } = await doctor(hostsOf(exchange), wrong, '--quick');
    expect(failed).toEqual(['rest-tls', 'stream']);
    expect(of('rest-tls')).toMatchObject({ found: expect.stringMatching(/does not speak TLS/) as unknown });
    expect(of('stream').advice).toMatch(/path is wrong/);
  });

  it('tells of a symbol that is not listed', async () => {
    const { code, failed, of } = await doctor(hostsOf(exchange), 'BTCUSDT', 'BTCUSTD', '--quick');
    expect([code, failed]).toEqual([1, ['data']]);
    expect(of('data').found).toMatch(/"BTCUSTD"; did you mean BTCUSDT\?; BTCUSDT 1m after \d+ ms$/);
  });

  it('tells of a spelling that costs decoding, and does not call it wrong', async () => {
    await using own = await startFakeExchange({ venues: [VENUE], updatesPerSecond: 0 });
    const openTime = own.openTimeNow({ symbol: 'BTCUSDT', interval: '1m' });
    const k = `"t":${openTime},"T":${openTime + 59_999},"s":"BTCUSDT","i":"1m","f":1,"L":2,"o":"1","c":"1","h":"1","l":"1","v":"1","n":2`;
    const update = `{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":${openTime + 1},"s":"BTCUSDT","k":{${k},"new":true,"x":false,"q":"1","V":"1","Q":"1"}}}`;
    const sending = setInterval(() => own.faults.stream.send(update), 50);
    const { code, of } = await doctor(hostsOf(own), '--quick');
    clearInterval(sending);
    expect(code).toBe(0);
    expect(of('spelling')).toMatchObject({
      outcome: 'warning',
      advice: expect.stringMatching(/nothing is lost/) as unknown,
    });
    expect(of('spelling').measures['framesDecodedInFull']).toBeGreaterThan(0);
  });

  it('tells every problem of a file that was asked for, and still looks at the keys', async () => {
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, 'graceMs: soon\nvenu: okx\ncredentials: { apiKey: topsecret }\n');
    const { code, failed, of, all, text } = await doctor({ '--config': broken });
    expect([code, failed]).toEqual([1, ['config', 'keys']]);
    expect(of('config').found).toMatch(/graceMs: must be .*; .*venu: is not an option; did you mean venue\?/);
    expect(of('keys')).toMatchObject({ measures: { keys: 'half', from: null }, advice: expect.stringMatching(/candles need none/) as unknown }); // prettier-ignore
    expect(all.slice(2).every(({ outcome }) => outcome === 'skipped')).toBe(true);
    expect(text).not.toContain('topsecret');
  });

  it('tells what only the command line can have wrong', async () => {
    const { '--stream-url': stream = '' } = hostsOf(exchange);
    const { failed, of } = await doctor(hostsOf(exchange), { '--stream-url': `${stream}/stream` });
    expect(failed).toEqual(['config']);
    expect(of('config').found).toMatch(/^command line: endpoints\.stream: must be/);
    const none = await doctor({ '--venue': 'ccxt:nosuch', '--config': config });
    expect([none.failed, none.of('venue').found]).toEqual([['venue'], expect.stringMatching(/ccxt does not know/)]);
  });

  it('writes a line for each check, with what to do below, and no colour into a pipe', async () => {
    const { terminal, out, lines } = fakeTerminal();
    const args = Object.entries({ ...hostsOf(exchange), '--rest-url': `http://${NOBODY}` }).flat();
    expect(await run(['doctor', '--quick', ...args], terminal)).toBe(1);
    expect(lines()[0]).toBe(`✓ configuration    ${config}`);
    expect(out()).toMatch(/\n✗ REST TCP +127[^\n]*\n {4}→ nothing listens[^\n]*\n– REST TLS +needs REST TCP\n/);
    expect(lines().at(-1)).toMatch(/^19 checks: \d+ ✓, 1 ✗, \d+ –$/);
    expect(out()).not.toContain('\u001b');
  });

  it('shows on a terminal what it waits for, and ends at once when interrupted', async () => {
    for (let isInterrupted = false; !isInterrupted;) {
      const { terminal, plain, stop$ } = fakeTerminal({ isTTY: true, columns: 100 });
      const done = run(['doctor', ...Object.entries(hostsOf(exchange)).flat()], terminal);
      await until(() => /… close comes: in \d+ s|✓ close comes/.test(plain()), 'what it waits for', PATIENCE_MS);
      // Where a minute ended meanwhile there was nothing to wait for: once more.
      isInterrupted = !plain().includes('✓ close comes');
      stop$.next();
      expect(await done).toBe(0);
      if (isInterrupted) expect(plain()).not.toContain('✓ close comes');
    }
  });
});

describe('rx-candles doctor and the environment', () => {
  afterAll(() => vi.unstubAllEnvs());

  it('tells where keys are, and never what they are', async () => {
    vi.stubEnv('BINANCE_API_KEY', 'topsecret');
    const { '--config': _, ...hosts } = hostsOf(exchange);
    const half = await doctor(hosts, '--quick');
    expect([half.code, half.of('keys').outcome]).toEqual([0, 'warning']);
    expect(half.of('keys').measures).toEqual({ keys: 'half', from: 'environment' });
    vi.stubEnv('BINANCE_API_SECRET', 'secretstuff');
    const nowhere = { '--rest-url': `http://${NOBODY}`, '--stream-url': `ws://${NOBODY}/x` };
    const whole = await doctor(hosts, nowhere);
    expect(whole.of('keys')).toMatchObject({
      outcome: 'ok',
      found: 'present (environment), not used: candles need none',
    });
    const other = await doctor(hosts, { ...nowhere, '--venue': 'okx' });
    expect(other.of('keys').measures).toEqual({ keys: 'absent', from: null });
    expect(half.text + whole.text).not.toMatch(/topsecret|secretstuff/);
  });
});

describe.runIf(hasOpenssl).concurrent('rx-candles doctor and certificates', () => {
  let certificates: Certificates;
  let secure: FakeExchange;
  beforeAll(async () => {
    certificates = makeCertificates(`DNS:${PROXIED_HOST},IP:127.0.0.1`);
    const { cert, key } = certificates;
    secure = await startFakeExchange({ tls: { cert, key } });
  });
  afterAll(async () => {
    await secure.close();
    certificates[Symbol.dispose]();
  });

  function configured(name: string, text: string): { readonly '--config': string } {
    const path = join(folder, name);
    writeFileSync(path, text);
    return { '--config': path };
  }
  const trusting = () => configured('trusting.yaml', `tls: { ca: ${certificates.caFile} }\n`);

  it('tells of an authority that nobody knows, and that nothing will come', async () => {
    const { code, failed, of } = await doctor(hostsOf(secure), '--quick');
    expect([code, failed]).toEqual([1, ['rest-tls', 'stream-tls']]);
    expect(of('rest-tls').found).toMatch(/^the certificate of 127\.0\.0\.1 is not accepted: UNABLE_TO_VERIFY_LEAF_SIGNATURE; signed by Private CA$/); // prettier-ignore
    expect(of('rest-tls').advice).toMatch(/tls\.ca in config\.yaml, or NODE_EXTRA_CA_CERTS/);
  });

  it('names an authority of one’s own, as somebody who reads along', async () => {
    const { code, of } = await doctor(hostsOf(secure), trusting(), '--quick');
    expect([code, of('data').outcome]).toEqual([0, 'ok']);
    expect(of('stream-tls')).toMatchObject({ outcome: 'warning', measures: { authority: 'Private CA', isPublic: false, problem: null } }); // prettier-ignore
  });

  it('warns where certificates are not looked at', async () => {
    const careless = configured('careless.yaml', 'tls: { rejectUnauthorized: false }\n');
    const { code, of } = await doctor(hostsOf(secure), careless, '--quick');
    expect([code, of('rest-tls').outcome]).toEqual([0, 'warning']);
    expect(of('rest-tls').advice).toMatch(/rejectUnauthorized is false/);
  });

  it.each([
    ['an HTTP proxy', 'http', startHttpProxy],
    ['a SOCKS5 proxy', 'socks5', startSocksProxy],
  ] as const)(
    'goes through %s, which looks the name up, and sees the exchange’s own certificate',
    async (_, scheme, start) => {
      await using proxy = await start();
      const byName = Object.entries(hostsOf(secure)).map(([name, url]) => [
        name,
        url.replace('127.0.0.1', PROXIED_HOST),
      ]);
      const args = { ...(Object.fromEntries(byName) as Record<string, string>), ...trusting() };
      const { code, of } = await doctor(args, { '--proxy': `${scheme}://${proxy.host}` }, '--quick');
      expect([code, of('rest-dns').found]).toEqual([0, `the proxy looks ${PROXIED_HOST} up`]);
      expect(of('proxy').found).toMatch(new RegExp(`^${scheme}://${proxy.host} \\(the option proxy\\) is there`));
      expect(of('rest-tcp').found).toMatch(new RegExp(`^${scheme}://${proxy.host} opens ${PROXIED_HOST}:\\d+`));
      expect(of('rest-tls').measures).toMatchObject({ authority: 'Private CA', problem: null });
    },
  );

  it('tells of a proxy that wants a password', async () => {
    await using proxy = await startHttpProxy({ login: { user: 'bot', password: 'secret' } });
    const { failed, of } = await doctor(hostsOf(secure), trusting(), { '--proxy': `http://${proxy.host}` }, '--quick');
    expect(failed).toEqual(['rest-tcp', 'stream-tcp']);
    expect(of('rest-tcp')).toMatchObject({ found: expect.stringMatching(/asks for a user and password/) as unknown, advice: expect.stringMatching(/http:\/\/user:password@host:port/) as unknown }); // prettier-ignore
  });
});
