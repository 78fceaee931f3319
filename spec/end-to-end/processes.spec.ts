import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Candle, FeedEvent } from 'rx-candles';
import { startFakeExchange, type RestRequest } from 'rx-candles/testing';
import { buildPackage, type Built } from '../support/built.ts';
import { expectWhole, until } from './rig.ts';

const VENUE = 'binance-spot';
const LOG_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z (TRACE|DEBUG|INFO|WARN|ERROR) rx-candles: /;
/** Shorter than any deadline that could keep a program alive; a busy machine takes its time to end one. */
const LONGEST_EXIT_MS = 4500;
const TURN_MS = 5;
const folder = mkdtempSync(join(tmpdir(), 'rx-candles-end-to-end-'));
const children = new URL('children/', import.meta.url);
let built: Built;

/** The package as it is installed, and the programs beside it, which import it by its name. */
beforeAll(() => {
  built = buildPackage();
  for (const file of readdirSync(children)) {
    const source = readFileSync(new URL(file, children), 'utf8');
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    writeFileSync(pathOf(file), ts.transpileModule(source, { compilerOptions }).outputText);
  }
});
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (file: string): string => join(dirname(built.cli), file.replace(/\.ts$/, '.js'));

/** A program of its own, in a folder of its own. */
class Program {
  out = '';
  err = '';
  /** How long after its last word it ended, ms, counted in turns of this process as `until` does. */
  lingered = 0;
  readonly ended: Promise<number | null>;

  constructor(name: string, args: readonly string[], flags: readonly string[] = []) {
    const child = spawn(process.execPath, [...flags, pathOf(name), ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
    });
    child.stdout.on('data', (text: Buffer) => {
      this.out += text.toString('utf8');
      this.lingered = 0;
    });
    child.stderr.on('data', (text: Buffer) => (this.err += text.toString('utf8')));
    const turning = setInterval(() => (this.lingered += TURN_MS), TURN_MS);
    this.ended = new Promise((resolve) => {
      child.on('close', (code) => {
        clearInterval(turning);
        resolve(code);
      });
    });
  }

  /** Lines of JSON that it has said so far. */
  get said(): readonly unknown[] {
    const lines = this.out.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  get logged(): readonly string[] {
    return this.err.split('\n').filter((line) => line !== '');
  }
}

type Said =
  FeedEvent | { type: 'heard'; candle: Candle } | { type: 'closed'; left: string[] } | { type: 'error'; text: string };

describe.concurrent('a program', () => {
  it('on the default feed shares it, ends by itself, and keeps its keys to itself', async () => {
    await using exchange = await startFakeExchange();
    const { stream, rest } = exchange.endpoints(VENUE);
    const [key, secret] = ['KEY-7f3a9c51', 'SECRET-b2d84e60'];
    const config = `venue: ${VENUE}\nlogLevel: trace\nendpoints:\n  stream: ${stream}\n  rest: ${rest}\n`;
    writeFileSync(join(folder, 'config.yaml'), config);
    writeFileSync(join(folder, '.env'), `BINANCE_API_KEY=${key}\nBINANCE_API_SECRET=${secret}\n`);
    const requests: RestRequest[] = [];
    exchange.faults.rest.slow(0, { match: (request) => requests.push(request) < 0 });
    const paths: string[] = [];
    exchange.faults.stream.delayHandshake(0, { match: ({ path: asked }) => paths.push(asked) < 0 });

    const program = new Program('default-feed.ts', []);
    expect(await program.ended).toBe(0);
    const said = program.said as readonly ({ what: string } & Candle & Record<string, unknown>)[];
    expect(said.filter(({ what }) => what === 'left').length).toBe(2);
    expect(program.lingered).toBeLessThan(LONGEST_EXIT_MS);
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
      const candles = said.filter((one) => one.what === 'candle' && one.symbol === symbol).map(candleOf);
      for (const candle of candles) expectWhole([candle], exchange, { venue: VENUE, symbol, interval: '1s' });
      expect(candles.length).toBeGreaterThan(0);
    }
    await until(() => exchange.stats.connections === 0, 'the exchange to notice');
    // Two rounds with a feed each: everybody shared it, and it was torn down in between.
    expect(exchange.stats).toMatchObject({ connectionsEver: 2, limitBreaks: [] });
    expect(said).toContainEqual({ what: 'environment', key: null });
    expect(said.find(({ what }) => what === 'settings')?.['keys']).toContain('credentials');
    expect(said.find(({ what }) => what === 'error')?.['text']).toContain('NOSUCHUSDT');

    expect(program.logged.length).toBeGreaterThan(5);
    expect(program.logged.filter((line) => !LOG_LINE.test(line))).toEqual([]);
    expect(program.logged.some((line) => line.includes('feed closed'))).toBe(true);
    const urls = [...paths, ...requests.map(({ path: asked, query }) => `${asked}?${JSON.stringify([...query])}`)];
    expect(urls.length).toBeGreaterThan(4);
    const all = [program.out, program.err, ...urls].join('\n');
    expect([all.includes(key), all.includes(secret)]).toEqual([false, false]);
  });

  it('under --unhandled-rejections=strict lives through drops, refusals, garbage and REST failures', async () => {
    await using exchange = await startFakeExchange({ seed: 3 });
    const { stream, rest } = exchange.faults;
    const options = {
      venue: VENUE,
      endpoints: exchange.endpoints(VENUE),
      reconnect: { initialDelayMs: 30, maxRetries: 1000 },
      restTimeoutMs: 500,
      logLevel: 'info',
    };
    rest.fail(503, { next: 2 });
    stream.refuse(500, { next: 2 });
    const args = [JSON.stringify({ count: 12, options })];
    const program = new Program('own-feed.ts', args, ['--unhandled-rejections=strict', '--trace-warnings']);
    const said = (): readonly Said[] => program.said as readonly Said[];
    const heard = (): readonly Candle[] => said().flatMap((one) => (one.type === 'heard' ? [one.candle] : []));
    const before: readonly (() => unknown)[] = [
      () => undefined,
      () => stream.flap('open', { next: 2 }),
      () => rest.hang({ next: 2 }),
      () => [rest.badBody('html', { next: 2 }), stream.refuse(429, { next: 1, retryAfter: 1 })],
      () => stream.refuseTcp(700),
      () => [rest.reset({ next: 2 }), stream.flap('ack', { next: 1 })],
      () => [rest.cut({ next: 2 }), stream.loseCloses({ next: 2 })],
    ];
    const kinds = [
      'bad JSON',
      'truncated',
      'wrong types',
      'unknown event',
      'not an object',
      'empty',
      'binary',
    ] as const;
    const isGarbageTold = (): boolean => said().some(({ type }) => type === 'FRAME_REJECTED');
    await until(
      () => heard().length >= 1 && stream.garbage('truncated') > 0,
      'a connection to send garbage to',
      60_000,
    );
    await until(isGarbageTold, 'the garbage to be told of', 60_000);
    const had = heard().length;
    for (const [index, prepare] of before.entries()) {
      await until(() => heard().length >= had + index, `candle ${had + index}`, 60_000);
      for (const kind of kinds) stream.garbage(kind);
      prepare();
      stream.drop();
    }
    expect(await program.ended).toBe(0);
    expectWhole(heard(), exchange, { venue: VENUE, symbol: 'BTCUSDT', interval: '1s' });
    expect(program.logged.filter((line) => !LOG_LINE.test(line))).toEqual([]);
    expect(said().filter(({ type }) => type === 'RECONNECTING').length).toBeGreaterThan(5);
    expect(exchange.stats.limitBreaks).toEqual([]);
  });

  it('that asks for symbols and for a past ends by itself, though it closes nothing', async () => {
    await using exchange = await startFakeExchange();
    const options = { venue: VENUE, endpoints: exchange.endpoints(VENUE) };
    const program = new Program('symbols.ts', [JSON.stringify({ options })]);
    expect(await program.ended).toBe(0);
    expect(program.said).toMatchObject([
      { symbols: expect.arrayContaining(['BTCUSDT']) as unknown },
      { candles: 9 },
      {},
    ]);
    expect(program.lingered).toBeLessThan(LONGEST_EXIT_MS);
    expect(exchange.stats).toMatchObject({ attempts: 0, limitBreaks: [] });
    expect(exchange.stats.requests.get('/api/v3/exchangeInfo')?.count).toBe(1);
  });

  it('has nothing left when close() resolves, and ends at once', async () => {
    await using exchange = await startFakeExchange();
    const options = { venue: VENUE, endpoints: exchange.endpoints(VENUE) };
    const program = new Program('own-feed.ts', [JSON.stringify({ count: 2, options })]);
    expect(await program.ended).toBe(0);
    expect(program.said.at(-1)).toEqual({ type: 'closed', left: [] });
    expect(program.lingered).toBeLessThan(LONGEST_EXIT_MS);
    expect(program.logged).toEqual([]);
  });
});

function candleOf({ what: _, ...candle }: { what: string } & Candle): Candle {
  return candle;
}
