import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Access } from '../../../src/cli/doctor/access.ts';
import type { Finding } from '../../../src/cli/doctor/check.ts';
import { clockFinding } from '../../../src/cli/doctor/checks/clock.ts';
import { closeFinding, popularOf } from '../../../src/cli/doctor/checks/live.ts';
import { limitsFinding } from '../../../src/cli/doctor/checks/rest.ts';
import { configFinding } from '../../../src/cli/doctor/checks/settings.ts';
import { certificateFinding, type TlsSeen } from '../../../src/cli/doctor/probes/certificate.ts';
import { connectionFinding, proxyAdvice } from '../../../src/cli/doctor/probes/connection.ts';
import { nameFailure, nameFinding } from '../../../src/cli/doctor/probes/name.ts';
import { isPublic } from '../../../src/cli/doctor/probes/tls.ts';
import { summaryOf, textOf } from '../../../src/cli/doctor/report-text.ts';
import type { Candle, SymbolInfo } from '../../../src/index.ts';
import { hasOpenssl, makeCertificates } from '../../support/certificates.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 26);

function expectFinding({ outcome, found, advice = '' }: Finding, expected: readonly [string, RegExp, RegExp]): void {
  expect([outcome, found, advice]).toEqual([
    expected[0],
    expect.stringMatching(expected[1]),
    expect.stringMatching(expected[2]),
  ]);
}

describe('the words of a certificate', () => {
  const leaf = { subject: '*.binance.com', issuer: 'Intermediate', validFrom: NOW - DAY, validTo: NOW + 90 * DAY };
  const root = { subject: 'DigiCert', issuer: 'DigiCert', validFrom: NOW - 999 * DAY, validTo: NOW + 999 * DAY };
  const good: TlsSeen = {
    host: 'fapi.binance.com',
    protocol: 'TLSv1.3',
    chain: [leaf, root],
    problem: undefined,
    isPublic: true,
    isChecked: true,
  };
  it.each<[string, Partial<TlsSeen>, [string, RegExp, RegExp]]>([
    ['a good one', {}, ['ok', /^TLSv1\.3, certificate of \*\.binance\.com valid until 2027-02-24 \(90 days\), signed by DigiCert$/, /^$/]], // prettier-ignore
    [
      'an inspection',
      { isPublic: false },
      ['warning', /no public authority$/, /company’s or an antivirus program’s inspection/],
    ],
    ['an unknown authority', { problem: 'SELF_SIGNED_CERT_IN_CHAIN' }, ['failed', /SELF_SIGNED_CERT_IN_CHAIN; signed by DigiCert/, /NODE_EXTRA_CA_CERTS/]], // prettier-ignore
    ['another host', { problem: 'ERR_TLS_CERT_ALTNAME_INVALID' }, ['failed', /ALTNAME/, /belongs to another host \(\*\.binance\.com\)/]], // prettier-ignore
    ['one that ran out', { problem: 'CERT_HAS_EXPIRED', chain: [{ ...leaf, validTo: NOW - DAY }] }, ['failed', /EXPIRED/, /ran out on 2026-11-25: set this machine’s clock/]], // prettier-ignore
    ['one to come', { problem: 'CERT_NOT_YET_VALID', chain: [{ ...leaf, validFrom: NOW + DAY }] }, ['failed', /NOT_YET/, /set this machine’s clock$/]], // prettier-ignore
    ['none that counts', { isChecked: false, problem: 'CERT_HAS_EXPIRED' }, ['warning', /not checked \(CERT_HAS_EXPIRED\)/, /set tls\.ca instead/]], // prettier-ignore
  ])('%s', (_, seen, expected) => {
    expectFinding(certificateFinding({ ...good, ...seen }, NOW), expected);
  });
});

describe.runIf(hasOpenssl)('an authority', () => {
  const rawOf = (pem: string) => ({ raw: new X509Certificate(pem).raw });
  it('is public if Node comes with it, or with the one that signed it', () => {
    using own = makeCertificates('DNS:exchange.test');
    expect(isPublic([rawOf(own.cert), rawOf(own.ca)])).toBe(false);
    for (const root of rootCertificates.slice(0, 5)) expect(isPublic([rawOf(own.cert), rawOf(root)])).toBe(true);
  });
});

describe('the words of a clock', () => {
  it.each<[number, number, [string, RegExp]]>([
    [0, 1, ['ok', /^this machine is 0 ms ahead of the exchange, ±21 ms$/]],
    [-1000, 1, ['ok', /1\.0 s behind/]],
    [1100, 1, ['warning', /1\.1 s ahead/]],
    [1400, 1000, ['ok', /901 ms ahead of the exchange, ±520 ms$/]],
    [-5100, 1, ['failed', /5\.1 s behind/]],
    [3_600_000, 1, ['failed', /60 min ahead/]],
  ])('that is %d ms ahead, in steps of %d ms', (ahead, stepMs, [outcome, found]) => {
    const sentAt = NOW + ahead - 20;
    const finding = clockFinding({
      ok: true,
      time: NOW,
      stepMs,
      sentAt,
      receivedAt: sentAt + 40,
      usage: {},
      limits: [],
    });
    expectFinding(finding, [outcome, found, outcome === 'ok' ? /^$/ : /candles go by the exchange’s clock/]);
  });
});

describe('the words of limits', () => {
  const limits = [{ name: 'weight', limit: 2400, windowMs: 60_000, window: 'fixed' as const }];
  const told = { ok: true as const, time: NOW, stepMs: 1, sentAt: NOW, receivedAt: NOW, usage: { weight: 40 }, limits };
  const refused = { ok: false as const, message: 'HTTP 418 from x', status: 418, retryAfterMs: 1500 };
  it.each<[string, Access['answered'], [string, RegExp, RegExp]]>([
    ['little used', { time: told }, ['ok', /^40 of 2400 weight used in 60 s, 2360 left$/, /^$/]],
    ['much used', { time: { ...told, usage: { weight: 2000 } } }, ['warning', /400 left/, /asks a lot/]],
    ['another host', { time: { ...told, limits: [] } }, ['ok', /^40 weight used; .* not documented$/, /^$/]],
    ['a venue that says nothing', { time: { ...told, usage: {} } }, ['ok', /okx does not tell/, /^$/]],
    [
      'a ban',
      { time: { ...refused, reason: 'banned' } },
      ['failed', /^REST: HTTP 418 from x; wait 2 s$/, /stop every program/],
    ],
    ['a geo-block', { time: { ...refused, status: 403, reason: 'geo-blocked' } }, ['skipped', /no answer/, /^$/]],
    ['nothing', {}, ['skipped', /no answer/, /^$/]],
  ])('%s', (_, answered, expected) => {
    expectFinding(limitsFinding('okx', answered), expected);
  });
});

describe('the words of the network', () => {
  const place = { host: 'h', port: 443, isSecure: true, text: 'h:443' };
  it.each([
    ['ECONNREFUSED', /nothing listens at h:443/],
    ['ECONNRESET', /cuts the connection/],
    ['ENETUNREACH', /no way into that network/],
    ['EHOSTUNREACH', /no way to that host/],
    ['ETIMEDOUT', /drops the packets/],
    ['EPERM', /network connection and firewall/],
  ])('%s', (code, advice) => {
    const error = Object.assign(new Error(`connect ${code}`), { code });
    expectFinding(connectionFinding(place, error, { isAborted: false }), ['failed', new RegExp(`^h:443: connect ${code}$`), advice]); // prettier-ignore
  });

  it('a host with several addresses, and one that does not answer', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:443'), { code: 'ECONNREFUSED' });
    const all = new AggregateError([refused, refused]);
    expectFinding(connectionFinding(place, all, { isAborted: false }), [
      'failed',
      /ECONNREFUSED ::1/,
      /nothing listens/,
    ]);
    expectFinding(connectionFinding(place, new Error('aborted'), { isAborted: true }), ['failed', /no answer in time/, /drops the packets/]); // prettier-ignore
  });

  it.each([
    ['the proxy p asks for a user and password', /into the proxy’s URL/],
    ['the proxy p refuses its user or password', /NTLM/],
    ['the proxy p cannot be reached: connect ECONNREFUSED', /that it runs/],
    ['the proxy p did not answer within 10000 ms', /scheme/],
    ['the proxy p does not allow connections to h:443', /port 443 allowed/],
    ['the proxy p cannot reach h:443', /proxy itself can reach/],
  ])('%s', (message, advice) => {
    expect(proxyAdvice(message)).toMatch(advice);
  });

  it.each<[Finding, [string, RegExp, RegExp]]>([
    [nameFinding('a.com', ['1.2.3.4', '::5'], 3.4), ['ok', /^a\.com is 1\.2\.3\.4, ::5 \(3 ms\)$/, /^$/]],
    [nameFinding('a.com', ['0.0.0.0', '::'], 3), ['warning', /0\.0\.0\.0/, /name is blocked/]],
    [nameFinding('a.localhost', ['127.0.0.1'], 3), ['ok', /127/, /^$/]],
    [nameFailure('a.com', 'ENOTFOUND'), ['failed', /no such name/, /spelling/]],
    [nameFailure('a.com', 'EAI_AGAIN'), ['failed', /no DNS server answered \(EAI_AGAIN\)/, /resolv\.conf/]],
  ])('a name: %j', (finding, expected) => {
    expectFinding(finding, expected);
  });
});

describe('the words of files', () => {
  const reading = { settings: {}, files: ['/bot/config.yaml'], keysFrom: undefined, hint: 'use rxCandles' };
  const unknown = { name: 'config.yaml', kind: 'unknown' as const, about: 'fast: is not an option' };
  it('another program’s file is left alone where it was only found', () => {
    const found = { reading: { ...reading, complaints: [unknown] }, isNamed: false, feed: {} };
    expectFinding(configFinding(found), [
      'warning',
      /^\/bot\/config\.yaml; ignored: config\.yaml: fast/,
      /^use rxCandles$/,
    ]);
    expectFinding(configFinding({ ...found, isNamed: true }), ['failed', /fast/, /mend each of them; use rxCandles/]);
  });
  it('no file at all is fine', () => {
    const none = { reading: { ...reading, files: [], complaints: [] }, isNamed: false, feed: {} };
    expectFinding(configFinding(none), ['ok', /^no config\.yaml here/, /^$/]);
  });
});

describe('the words of a close', () => {
  const close = (source: Candle['source'], at: number) => {
    return { ok: true as const, value: { candle: { symbol: 'X', closeTime: NOW - 1, source } as Candle, at } };
  };
  it('counts the slowest, by the exchange’s clock', () => {
    const closes = [close('stream', NOW + 900), close('stream', NOW + 1200)];
    expectFinding(closeFinding(closes, { offset: 300, fetchesCloses: false }), ['ok', /^X 1m, 1500 ms after its end, over the stream$/, /^$/]); // prettier-ignore
  });
  it('a fetched one is worth a word, but where all are fetched', () => {
    const closes = [close('backfill', NOW + 4000)];
    expectFinding(closeFinding(closes, { offset: 0, fetchesCloses: false }), [
      'warning',
      /fetched over REST$/,
      /connections: 2/,
    ]);
    expectFinding(closeFinding(closes, { offset: 0, fetchesCloses: true }), ['ok', /fetched over REST$/, /^$/]);
  });
  it('none is wrong', () => {
    const missed = { ok: false as const, kind: 'late' as const, why: 'no pong' };
    expectFinding(closeFinding([missed], { offset: 0, fetchesCloses: false }), ['failed', /no close in time \(no pong\)/, /--log-level info/]); // prettier-ignore
  });
});

describe('the symbol that is watched where none was given', () => {
  const symbol = (name: string, base: string, quote: string, phase: SymbolInfo['phase'] = 'trading') =>
    ({ symbol: name, base, quote, phase }) as SymbolInfo;
  it.each([
    [[symbol('AB', 'A', 'B'), symbol('BTCUSDT', 'BTC', 'USDT')], 'BTCUSDT', ['BTCUSDT']],
    [[symbol('AB', 'A', 'B'), symbol('BTC/USD', 'BTC', 'USD')], undefined, ['BTC/USD']],
    [[symbol('BTCUSDT', 'BTC', 'USDT', 'ended'), symbol('AB', 'A', 'B')], 'BTCUSDT', ['AB']],
    [[], 'BTCUSDT', []],
  ])('of %j, with the example %s', (listed, example, expected) => {
    expect(popularOf(listed, example)).toEqual(expected);
  });
});

describe('a report in lines', () => {
  const report = {
    id: 'x',
    title: 'REST',
    outcome: 'failed' as const,
    found: 'one two three',
    advice: 'do this',
    tookMs: 1,
  };
  it('is one for what was found and one for what to do', () => {
    const text = textOf(report, { titleWidth: 6, hasColour: false });
    expect(text).toBe('✗ REST    one two three\n    → do this');
  });

  it('is broken between words on a terminal, and coloured', () => {
    const long = { ...report, found: 'word '.repeat(20).trim(), advice: undefined };
    const [first = '', second = ''] = textOf(long, { titleWidth: 6, hasColour: true, columns: 60 }).split('\n');
    expect(first).toMatch(/^\u001b\[31m✗\u001b\[39m REST    word( word){9}$/);
    expect(second).toMatch(/^ {10}word( word){9}$/);
  });

  it('is counted at the end, by what became of each', () => {
    const reports = [report, { ...report, outcome: 'ok' as const }, { ...report, outcome: 'ok' as const }];
    expect([summaryOf(reports), summaryOf([report])]).toEqual(['3 checks: 2 ✓, 1 ✗', '1 check: 1 ✗']);
  });
});
