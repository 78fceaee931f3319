import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameSkipper, skipFrames, type IsSkipped } from '../../src/adapters/frame-skipper.ts';
import { hasOpenssl, makeCertificates } from '../support/certificates.ts';

const TEXT = 0x81;
const LONGEST = 65_535;

/** A frame as a server writes it; a length that does not fit the shorter forms takes the next one. */
function frame(kind: number, payload: string, { mask = 0 } = {}): Buffer {
  const { length } = payload;
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(length));
  const size = length < 126 ? [length | mask] : length <= LONGEST ? [126 | mask, length >> 8, length & 0xff] : [127 | mask, ...long]; // prettier-ignore
  return Buffer.concat([Buffer.from([kind, ...size]), Buffer.from(payload, 'latin1')]);
}

const running = (size = 3): Buffer => frame(TEXT, `-${'.'.repeat(size)}`);
const closed = (size = 3): Buffer => frame(TEXT, `+${'.'.repeat(size)}`);
const PING = frame(0x89, '1791382992723');
const PONG = frame(0x8a, '-pong');
const CLOSE = frame(0x88, '\x03\xe8');
/** What only a WebSocket implementation can judge. */
const UNKNOWN = {
  'a fragment': frame(0x01, '-half'),
  'a binary frame': frame(0x82, '-binary'),
  'a compressed frame': frame(0xc1, '-zipped'),
  'a masked frame': frame(TEXT, '-masked', { mask: 0x80 }),
  'a frame of 64 KiB': running(LONGEST),
};

/** Payloads that begin with `-` are taken out, and seen. */
function skipping(): { readonly isSkipped: IsSkipped; readonly skipped: string[] } {
  const skipped: string[] = [];
  const isSkipped: IsSkipped = (bytes, start, end) => {
    const payload = bytes.toString('latin1', start, end);
    if (payload.startsWith('-')) skipped.push(payload);
    return payload.startsWith('-');
  };
  return { isSkipped, skipped };
}

function read(chunks: readonly Buffer[]): { readonly rest: Buffer; readonly skipped: readonly string[] } {
  const { isSkipped, skipped } = skipping();
  const skipper = new FrameSkipper(isSkipped);
  return { rest: Buffer.concat(chunks.map((chunk) => skipper.rest(chunk))), skipped };
}

/** Cut at these places. */
function chunksOf(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const cuts = [...places, 0, bytes.length].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
}

describe('frames that are taken out of a stream', () => {
  it('are those that are whole, whatever their length; the others go on byte for byte', () => {
    const others = [closed(), PING, closed(300), PONG, closed(124), CLOSE];
    const bytes = others.flatMap((other, index) => [running(index * 60), other, running(LONGEST - 1)]);
    const { rest, skipped } = read([Buffer.concat(bytes)]);
    expect(rest.equals(Buffer.concat(others))).toBe(true);
    expect(skipped).toHaveLength(12);
  });

  it('go on like any other when they come in two pieces', () => {
    const bytes = Buffer.concat([running(200), running(200), closed()]);
    const { rest, skipped } = read([bytes.subarray(0, 300), bytes.subarray(300)]);
    expect(rest.equals(Buffer.concat([running(200), closed()]))).toBe(true);
    expect(skipped).toHaveLength(1);
  });

  it('are none before a header is whole, of which nothing is lost', () => {
    for (const cut of [1, 2, 3]) {
      const bytes = Buffer.concat([running(200), closed(200)]);
      expect(read([bytes.subarray(0, cut), bytes.subarray(cut)]).rest.includes('+...')).toBe(true);
    }
  });

  it.each(Object.entries(UNKNOWN))('are none any more after %s', (_, unknown) => {
    const after = Buffer.concat([unknown, running(200), PING, ...Array.from({ length: 50 }, () => running())]);
    const { rest, skipped } = read([Buffer.concat([running(), after]), running(), running()]);
    expect(rest.equals(Buffer.concat([after, running(), running()]))).toBe(true);
    expect(skipped).toHaveLength(1);
  });

  it('leave a stream of all the others in the same order, however it was cut', () => {
    const known = fc.tuple(fc.constantFrom('-', '+', 'ping'), fc.nat(400));
    const frames = fc.tuple(fc.array(known, { maxLength: 30 }), fc.option(fc.constantFrom(...Object.values(UNKNOWN))));
    const property = fc.property(frames, fc.array(fc.nat(), { maxLength: 12 }), ([before, stranger], places) => {
      const payloads = before.map(([kind, size], index) => `${kind}${String(index)}:${'.'.repeat(size)}`);
      const framesOf = (some: readonly string[]): Buffer =>
        Buffer.concat(some.map((payload) => (payload.startsWith('ping') ? PING : frame(TEXT, payload))));
      const after = stranger === null ? Buffer.alloc(0) : Buffer.concat([stranger, running(), closed()]);
      const { rest, skipped } = read(chunksOf(Buffer.concat([framesOf(payloads), after]), places));
      const expected = framesOf(payloads.filter((payload) => !skipped.includes(payload)));
      expect(rest.equals(Buffer.concat([expected, after]))).toBe(true);
      // Each cut can spare one frame at most.
      const most = payloads.filter((payload) => payload.startsWith('-')).length;
      expect(skipped.length).toBeGreaterThanOrEqual(most - places.length);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

/** What one client has heard of 500 frames, a fragmented one around a ping, and one more before the close. */
async function heardFrom({
  isTls = false,
  asked = true,
}): Promise<{ heard: string[]; skipped: string[]; code: number; pongs: number }> {
  using certificates = makeCertificates('IP:127.0.0.1');
  const server = isTls ? createTlsServer(certificates) : createServer();
  const seen = { heard: [] as string[], code: 0, pongs: 0, ...skipping() };
  new WebSocketServer({ server }).on('connection', (peer) => {
    peer.on('pong', () => {
      seen.pongs++;
      peer.send('-as one');
      peer.close(1012, 'bye');
    });
    if (asked) peer.once('message', () => sendAll(peer));
    else sendAll(peer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`${isTls ? 'wss' : 'ws'}://127.0.0.1:${String(port)}`, { ca: certificates.ca });
  socket.on('upgrade', (response) => {
    socket.on('open', () => {
      skipFrames(response.socket, seen.isSkipped);
      socket.send('subscribe');
    });
  });
  socket.on('message', (data: Buffer) => seen.heard.push(data.toString()));
  [seen.code] = (await once(socket, 'close')) as [number];
  server.close();
  return seen;
}

function sendAll(peer: WebSocket): void {
  for (let count = 0; count < 500; count++) peer.send(count % 100 === 99 ? '+closed' : `-${'.'.repeat(count)}`);
  peer.send('-fragments', { fin: false });
  peer.ping();
  peer.send('-in two', { fin: true });
}

describe.runIf(hasOpenssl)('a WebSocket whose socket is without them', () => {
  it.each([{ isTls: false }, { isTls: true }])(
    'hears, answers and closes as ever, and does not see them: %o',
    async (kind) => {
      const { heard, skipped, code, pongs } = await heardFrom(kind);
      expect({ code, pongs }).toEqual({ code: 1012, pongs: 1 });
      expect(heard.filter((text) => text === '+closed')).toHaveLength(5);
      expect(heard.slice(-2)).toEqual(['-fragments-in two', '-as one']);
      expect(skipped.length + heard.length).toBe(502);
      expect(skipped.length).toBeGreaterThan(400);
    },
  );

  it('is left alone where bytes have come already, of which nobody knows where a frame begins', () => {
    const stream = new Duplex({ read: () => undefined });
    const { isSkipped, skipped } = skipping();
    // Not a running frame, but the text of another that looks like one.
    const bytes = frame(TEXT, `+\xc3${running().toString('latin1')}`);
    stream.unshift(bytes.subarray(0, 4));
    skipFrames(stream, isSkipped);
    stream.push(bytes.subarray(4));
    expect(stream.read()).toEqual(bytes);
    expect(skipped).toEqual([]);
  });

  it('misses nothing where the first may come with the answer to the handshake', async () => {
    const { heard, skipped, code, pongs } = await heardFrom({ asked: false });
    expect({ code, pongs, frames: heard.length + skipped.length }).toEqual({ code: 1012, pongs: 1, frames: 502 });
  });
});
