import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCandle, type Candle } from '../../src/core/candle.ts';
import { closeTimeOf, nextOpenTime, openTimeAt } from '../../src/core/interval.ts';
import { feedOf } from '../../src/create-feed.ts';
import { EventBus } from '../../src/feed/event-bus.ts';
import type { FeedEvent } from '../../src/core/events.ts';
import type { HttpAnswer } from '../../src/ports/http-client.ts';
import type { StreamMessage, StreamRequest } from '../../src/ports/stream-protocol.ts';
import { whites, written } from '../support/json-text.ts';
import { until } from '../support/until.ts';
import type { PlainCandle, Samples } from './samples.ts';

const MINUTE = 60_000;
/** 2026-10-07T14:22Z. */
const NOON = 1_791_382_920_000;

/** Everything that a connector must keep, whatever its dialect. */
export function connectorContract(samples: Samples): void {
  const { id } = samples.connector;
  describe(`${id}: frames`, () => {
    readsRecordings(samples);
    readsGenerated(samples);
    survivesGarbage(samples);
  });
  describe(`${id}: requests`, () => {
    asksForTopics(samples);
    asksOverRest(samples);
  });
  describe(`${id}: answers`, () => {
    readsRows(samples);
    readsFailures(samples);
  });
  describe(`${id}: symbols`, () => {
    spellsSymbols(samples);
  });
  it(`${id}: candles through a whole feed, over a lost connection`, () => delivers(samples));
}

const bytes = (text: string): Buffer => Buffer.from(text);

/** Candles of the venue as its frames can tell them. */
function candlesOf({ connector, untold, symbol, candlesPerFrame }: Samples): fc.Arbitrary<readonly PlainCandle[]> {
  const price = fc.integer({ min: 1, max: 10 ** 9 }).map((units) => units / 10_000);
  const amount = fc.integer({ min: 0, max: 10 ** 9 }).map((units) => units / 1000);
  return fc
    .record({
      at: fc.integer({ min: 1_500_000_000_000, max: 2_000_000_000_000 }),
      interval: fc.constantFrom(...connector.intervals),
      prices: fc.array(price, { minLength: 4, maxLength: 4 }),
      amounts: fc.array(amount, { minLength: 4, maxLength: 4 }),
      trades: fc.nat(),
      count: fc.integer({ min: 1, max: candlesPerFrame }),
      isLastFinal: fc.boolean(),
    })
    .map(({ at, interval, prices, amounts, trades, count, isLastFinal }) => {
      const [low = 0, open = 0, close = 0, high = 0] = prices.toSorted((a, b) => a - b);
      const [volume = 0, quoteVolume = 0, takerBuyVolume = 0, takerBuyQuoteVolume = 0] = amounts;
      let timestamp = openTimeAt(at, interval, 0);
      return Array.from({ length: count }, (_, index): PlainCandle => {
        if (index > 0) timestamp = nextOpenTime(timestamp, interval);
        const times = { timestamp, closeTime: closeTimeOf(timestamp, interval) };
        const values = { open, high, low, close, volume, quoteVolume, trades, takerBuyVolume, takerBuyQuoteVolume };
        const of = { venue: connector.id, symbol, interval, source: 'stream' } as const;
        const candle = makeCandle({ ...of, ...times, ...values, ...untold });
        return { candle, finality: index < count - 1 || isLastFinal ? 'final' : 'running' };
      });
    });
}

/** What is said of a frame that has others around it, as they come from a socket. */
function provenAmongOthers(frame: Buffer, { connector: { stream } }: Samples): boolean {
  const header = Buffer.from([0x81, 126, frame.length >> 8, frame.length & 0xff]);
  const around = bytes('{"x":true,"confirm":true,"w":true,"x":false,"q":"confirm":false,"w":false}}');
  const all = Buffer.concat([around, header, frame, header, around]);
  const start = around.length + header.length;
  return stream.isUnfinished(all, start, start + frame.length);
}

/** Proof is never given for a frame in which something is not running. */
function expectProofHolds(frame: Buffer, { connector: { stream } }: Samples): void {
  if (!stream.isUnfinished(frame)) return;
  for (const message of stream.decode(frame)) expect(message).toMatchObject({ finality: 'running' });
}

const toldIn = (messages: readonly StreamMessage[]): readonly PlainCandle[] =>
  messages.flatMap((message) =>
    message.kind === 'candle' ? [{ candle: message.candle, finality: message.finality }] : [],
  );

function readsRecordings(samples: Samples): void {
  const frames = samples.recorded();
  it.skipIf(frames.length === 0)('that were recorded say exactly what they say by JSON.parse', (context) => {
    const { stream } = samples.connector;
    let told = 0;
    for (const text of frames) {
      const messages = stream.decode(bytes(text));
      const plain = samples.plain(text);
      expect(toldIn(messages), text).toEqual(plain);
      expect(messages.filter(({ kind }) => kind === 'malformed')).toEqual([]);
      const isRunning = plain.length > 0 && plain.every(({ finality }) => finality === 'running');
      expect(stream.isUnfinished(bytes(text)), text).toBe(isRunning);
      told += plain.length;
    }
    expect(told).toBeGreaterThan(0);
    void context.annotate(`${String(frames.length)} frames, ${String(told)} candles`);
  });
}

function readsGenerated(samples: Samples): void {
  const { stream } = samples.connector;
  const told = candlesOf(samples);
  const eventTime = (candles: readonly PlainCandle[]) => (candles.at(-1)?.candle.closeTime ?? 0) + 37;

  it('are read as exactly the candles they are; what is unfinished proves it and says the same in full', () => {
    const property = fc.property(told, (candles) => {
      const frame = bytes(JSON.stringify(samples.messageOf(candles, eventTime(candles))));
      const at = samples.tellsEventTime ? eventTime(candles) : null;
      expect(stream.decode(frame)).toEqual(candles.map((one) => ({ kind: 'candle', ...one, eventTime: at })));
      const isRunning = candles.every(({ finality }) => finality === 'running');
      expect(stream.isUnfinished(frame)).toBe(isRunning);
      expect(provenAmongOthers(frame, samples)).toBe(isRunning);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('become frozen candles of this venue, on the topic that they were asked for by', () => {
    const property = fc.property(told, (candles) => {
      const [message] = stream.decode(bytes(JSON.stringify(samples.messageOf(candles, eventTime(candles)))));
      const candle = message?.kind === 'candle' ? message.candle : undefined;
      expect([Object.isFrozen(candle), candle?.venue]).toEqual([true, samples.connector.id]);
      const { symbol, interval } = candles[0]?.candle ?? expect.fail();
      expect(candle && stream.topicOf(candle)).toBe(stream.topicOf({ symbol, interval }));
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('say the same with all white space that JSON allows, and with what nobody has seen', () => {
    const more = fc.jsonValue({ maxDepth: 2 });
    const property = fc.property(told, whites, fc.option(more), (candles, white, added) => {
      const message = samples.messageOf(candles, eventTime(candles));
      const frame = bytes(written(added === null ? message : samples.withMore(message, added), white).trim());
      expect(toldIn(stream.decode(frame))).toEqual(candles);
      expectProofHolds(frame, samples);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it.skipIf(samples.goingAway === null)('may announce the end of the connection', () => {
    expect(stream.decode(bytes(samples.goingAway ?? ''))).toEqual([{ kind: 'going away' }]);
  });
}

function survivesGarbage(samples: Samples): void {
  const { stream } = samples.connector;
  const [sample] = fc.sample(candlesOf(samples), { numRuns: 1, seed: 7 });
  const final = (sample ?? []).slice(0, 1).map(({ candle }) => ({ candle, finality: 'final' }) as const);
  const text = JSON.stringify(samples.messageOf(final, NOON));
  const notUtf8 = bytes(text);
  notUtf8[text.indexOf(samples.symbol)] = 0xff;
  const nan = final.map((one) => ({ ...one, candle: { ...one.candle, open: NaN } }));

  it.each<[string, Buffer]>([
    ['nothing', bytes('')],
    ['a word', bytes('x')],
    ['a bare value', bytes('null')],
    ['half a close', bytes(text.slice(0, text.length / 2))],
    ['a close that is not UTF-8', notUtf8],
    ['a close without a price', bytes(JSON.stringify(samples.messageOf(nan, NOON)))],
  ])('that are garbage are malformed: %s', (_, frame) => {
    expect(stream.isUnfinished(frame)).toBe(false);
    expect(stream.decode(frame)).toMatchObject([{ kind: 'malformed', reason: expect.stringMatching(/./) as string }]);
  });

  it('never make the decoder throw, nor hide a close', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 });
    const edited = edits.map((changes) => {
      const frame = bytes(text);
      for (const [at, byte] of changes) frame[at % frame.length] = byte;
      return frame;
    });
    const cut = fc.nat(text.length).map((end) => bytes(text.slice(0, end)));
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => bytes(JSON.stringify(value)));
    const noise = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));
    const property = fc.property(fc.oneof(edited, cut, json, noise), (frame) => {
      for (const message of stream.decode(frame)) expect(typeof message.kind).toBe('string');
      expectProofHolds(frame, samples);
    });
    fc.assert(property, { numRuns: 2000 });
  }, 600_000);
}

function asksForTopics(samples: Samples): void {
  const { connector, symbol } = samples;
  const { stream, intervals } = connector;
  const symbols = Array.from({ length: 450 }, (_, index) => symbol.replace(/^[A-Z]+/, `A${String(index)}`));
  const series = symbols.map((one, index) => ({ symbol: one, interval: intervals[index % intervals.length] ?? '1m' }));
  const topics = series.map((one) => stream.topicOf(one));

  it('of one endpoint lead to one URL, with or without a slash behind it', () => {
    for (const endpoint of [connector.endpoints.stream, 'ws://127.0.0.1:4000/path']) {
      const urls = new Set(topics.flatMap((topic) => [endpoint, `${endpoint}/`].map((of) => stream.urlOf(of, topic))));
      for (const url of urls) expect(new URL(url).href.startsWith(new URL(endpoint).origin)).toBe(true);
      expect([...urls].every((url) => url.startsWith(endpoint) && !/[^:]\/\//.test(url))).toBe(true);
    }
  });

  it.each(['subscribe', 'unsubscribe'] as const)(
    'to %s name each topic once, within the limits, ids unique',
    (verb) => {
      expect(new Set(topics).size).toBe(topics.length);
      let last = 0;
      const requests = stream.requests(verb, topics, { nextId: () => String(++last), now: NOON });
      const read = requests.map(({ text }) => samples.topicsIn(text));
      expect(read.flatMap((one) => one.topics)).toEqual(topics);
      expect(read.map((one) => one.topics)).toEqual(requests.map((one) => one.topics));
      expect(read.map((one) => one.id)).toEqual(requests.map((one) => one.id));
      expect(new Set(requests.map((one) => one.id)).size).toBe(requests.length);
      expect(read.every(({ subscribes }) => subscribes === (verb === 'subscribe'))).toBe(true);
      expect(Math.max(...read.map((one) => one.topics.length))).toBeLessThanOrEqual(samples.request.topics);
      expect(Math.max(...requests.map(({ text }) => text.length))).toBeLessThanOrEqual(samples.request.chars);
      expect(stream.requests(verb, [], { nextId: () => expect.fail('no request needs no id'), now: NOON })).toEqual([]);
    },
  );

  it.each(['ack', 'rejected'] as const)('are answered: each %s names its request or topics of it', (kind) => {
    const [request = expect.fail()] = stream.requests('subscribe', topics.slice(0, 3), {
      nextId: () => '7',
      now: NOON,
    });
    const frames = kind === 'ack' ? samples.acksOf(request) : samples.refusalsOf(request);
    const replies = frames.flatMap((text) => stream.decode(bytes(text)));
    expect(replies.map((reply) => reply.kind)).toEqual(frames.map(() => kind));
    expect([...new Set(replies.flatMap((reply) => topicsOf(reply, request)))].sort()).toEqual(
      [...request.topics].sort(),
    );
  });
}

/** The topics that a reply speaks of. */
function topicsOf(reply: StreamMessage, request: StreamRequest): readonly string[] {
  if (reply.kind !== 'ack' && reply.kind !== 'rejected') return [];
  if (reply.id !== undefined) expect(reply.id).toBe(request.id);
  else expect(reply.topics).toBeDefined();
  return reply.topics ?? request.topics;
}

function asksOverRest({ connector, candlesRequests, symbol }: Samples): void {
  const { rest, intervals } = connector;

  it('for candles are sent as the venue reads them', () => {
    for (const [request, sent] of candlesRequests) expect(rest.candles(request, NOON)).toMatchObject(sent);
    expect(candlesRequests.map(([request]) => Object.keys(rest.candles(request, NOON).query))).toEqual(
      candlesRequests.map(([, { query }]) => Object.keys(query)),
    );
  });

  it('over REST are GETs of a path, and cost what a limit counts, less than all of it', () => {
    const most = { symbol, interval: intervals[0] ?? '1m', from: 0, limit: rest.paging.maxRows };
    for (const { method, path, query, cost } of [rest.time(), rest.symbols(), rest.candles(most, NOON)]) {
      expect([method, path[0]]).toEqual(['GET', '/']);
      expect(Object.values(query).every((value) => ['string', 'number'].includes(typeof value))).toBe(true);
      expect(Object.keys(cost).length).toBeGreaterThan(0);
      for (const [name, spent] of Object.entries(cost)) {
        const { limit } = rest.limits.find((one) => one.name === name) ?? expect.fail(`no limit counts ${name}`);
        expect(spent).toBeLessThan(limit);
      }
    }
    expect(rest.paging.pageRows).toBeLessThanOrEqual(rest.paging.maxRows);
  });
}

function readsRows(samples: Samples): void {
  const { connector, symbol, untold } = samples;
  const interval = '1m';
  const from = NOON;
  const minutes = [0, 1, 2].map((minute) => NOON + minute * MINUTE);
  const candles = minutes.map((timestamp, index): Candle => {
    const values = { open: 1.5, high: 2.5, low: 0.5, close: 1 + index / 4, volume: 10 + index };
    const rest = { quoteVolume: 12, trades: 3, takerBuyVolume: 4, takerBuyQuoteVolume: 5, ...untold };
    const of = { venue: connector.id, symbol, interval, source: 'backfill' } as const;
    return makeCandle({ ...of, timestamp, closeTime: timestamp + MINUTE - 1, ...values, ...rest });
  });
  const request = { symbol, interval, from, before: from + 10 * MINUTE, limit: 10 } as const;
  const { parse } = connector.rest.candles(request, NOON);
  const body = JSON.parse(JSON.stringify(samples.bodyOf(candles))) as unknown;

  it('of candles are rows in rising open time, each exactly the candle it must be', () => {
    const rows = candles.map((candle, index) => ({ candle, final: samples.saysFinal && index < 2 }));
    expect(parse(body)).toEqual({ ok: true, value: { rows, rejected: [] } });
    expect(parse(JSON.parse(JSON.stringify(samples.bodyOf([]))))).toEqual({
      ok: true,
      value: { rows: [], rejected: [] },
    });
  });

  it('keep a row of which no candle can be made apart', () => {
    const parsed = parse(samples.withUnusable(body, NOON + 3 * MINUTE));
    const value = parsed.ok ? parsed.value : undefined;
    expect(value?.rows.map(({ candle }) => candle)).toEqual(candles);
    expect(value?.rejected).toMatchObject([{ timestamp: NOON + 3 * MINUTE }]);
  });

  it('that are none are refused, whatever they are, and nothing throws', () => {
    const { rest } = connector;
    const property = fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      for (const one of [rest.time(), rest.symbols(), rest.candles(request, NOON)])
        expect(typeof one.parse(value).ok).toBe('boolean');
      rest.failureOf(answerOf(200, value), value);
    });
    fc.assert(property, { numRuns: 500 });
    for (const value of [undefined, null, 7, 'x', {}])
      expect([rest.time(), rest.symbols(), rest.candles(request, NOON)].map((one) => one.parse(value).ok)).toEqual([
        false,
        false,
        false,
      ]);
  });
}

function answerOf(status: number, body: unknown): HttpAnswer {
  return {
    url: 'https://example.test/x',
    status,
    headers: {},
    body: body === undefined ? '' : JSON.stringify(body),
    at: NOON,
  };
}

function readsFailures({ connector: { rest }, failures, bodyOf }: Samples): void {
  it.each<Samples['failures'][number]>([
    [200, bodyOf([]), undefined],
    [429, undefined, 'rate limited'],
    [418, undefined, 'banned'],
    [403, undefined, 'banned'],
    [451, undefined, 'geo-blocked'],
    [500, undefined, 'server'],
    [503, undefined, 'server'],
    [404, undefined, 'refused'],
    ...failures,
  ])('of status %i with %j stand for %s', (status, body, failure) => {
    expect(rest.failureOf(answerOf(status, body), body)?.failure).toBe(failure);
    expect(Object.values(rest.usageOf(answerOf(status, body)))).toEqual([]);
  });

  it('that ask for a pause say how long', () => {
    const refused = { ...answerOf(429, undefined), headers: { 'retry-after': '7' } };
    expect(rest.failureOf(refused, undefined)?.retryAfterMs).toBe(7000);
  });
}

function spellsSymbols({ connector, spellings, symbol }: Samples): void {
  it.each(spellings)('%j is %j', (text, meant) => {
    expect(connector.symbolOf(text)).toBe(meant);
  });

  it('are known in any case, with blanks around them', () => {
    for (const text of [symbol, symbol.toLowerCase(), ` ${symbol}\n`]) expect(connector.symbolOf(text)).toBe(symbol);
    expect(connector.symbolOf(connector.hints.example)).toBe(connector.hints.example);
  });

  it('that are none are undefined, whatever they are', () => {
    for (const text of ['', '  ', 'A/', 'A/B/C', undefined, null, 7, {}])
      expect(connector.symbolOf(text)).toBeUndefined();
    expect(typeof connector.hints.hintFor('NONE', [symbol])).toBe('string');
  });
}

const withoutSource = ({ source: _, ...rest }: Candle): Omit<Candle, 'source'> => rest;

/** History, then closes over a connection that is cut, each candle once and as the server has it. */
async function delivers(samples: Samples): Promise<void> {
  await using server = await samples.serve();
  const bus = new EventBus();
  const events: FeedEvent[] = [];
  bus.events$.subscribe((event) => events.push(event));
  const settings = {
    endpoints: server.endpoints,
    logLevel: 'silent',
    reconnect: { initialDelayMs: 20, jitter: false },
  } as const;
  await using feed = feedOf(samples.connector, settings, bus);
  const [got, errors]: [Candle[], unknown[]] = [[], []];
  feed.closedCandles$(server.symbol, server.interval, { history: 3 }).subscribe({
    next: (candle) => got.push(candle),
    error: (error: unknown) => errors.push(error),
  });
  const connects = () => events.filter(({ type }) => type === 'CONNECTED').length;
  await until(() => errors.length > 0 || (got.length >= 3 && connects() === 1), 'the history and a connection');
  server.drop();
  await until(
    () => errors.length > 0 || (got.length >= 4 && connects() === 2),
    'the next close, connected again',
    120_000,
  );
  expect(errors).toEqual([]);
  const [first] = got;
  let openTime = first?.timestamp ?? 0;
  for (const candle of got) {
    expect(withoutSource(candle)).toEqual({ ...withoutSource(server.candleAt(openTime) ?? expect.fail()) });
    openTime = nextOpenTime(openTime, server.interval);
  }
  expect(events.filter(({ type }) => type === 'CANDLE_MISSING' || type === 'FRAME_REJECTED')).toEqual([]);
}
