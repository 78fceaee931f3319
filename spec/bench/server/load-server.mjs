import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { answer } from '../lib/processes.mjs';
import { startFakeExchange } from '../../../dist/testing/index.js';
import { FRAMES_PER_CLOSE, symbolsOf } from '../lib/series.mjs';
import { Connection } from './connection.mjs';
import { STARTED_AT } from './frames.mjs';

/**
 * An exchange that does nothing but send, made for this alone: frames are made beforehand and one core of it feeds any
 * client at full speed. Over REST `rx-candles/testing` answers, which computes a market and is what the other benchmarks use.
 */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const connections = new Set();
let exchange;
let venue;

const server = createServer();
server.on('upgrade', (request, socket) => {
  const { pathname, searchParams } = new URL(request.url, 'ws://127.0.0.1');
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + MAGIC)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const isRaw = venue.startsWith('binance') && pathname.includes('/ws');
  const topics = (searchParams.get('streams') ?? '').split('/').filter((topic) => topic.includes('@kline_'));
  const connection = new Connection(socket, { isRaw, venue, topics });
  connections.add(connection);
  socket.on('close', () => connections.delete(connection));
});

const listeners = () => [...connections].filter(({ topics }) => topics.length > 0);
const turn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Fixed numbers of frames, so that a slow client gets the same work as a fast one. Every 240th is a close, or, with
 * `closes: false`, the last one of each connection alone.
 */
async function flood({ frames, closes = true }) {
  const all = listeners();
  const each = Math.ceil(frames / all.length / FRAMES_PER_CLOSE);
  let left = all.map((connection) => ({ connection, blocks: each }));
  while (left.length > 0) {
    for (const one of left) {
      while (one.blocks > 0 && one.connection.hasRoom) {
        one.connection.writeBlock(closes || one.blocks === 1);
        one.blocks--;
      }
    }
    left = left.filter(({ blocks }) => blocks > 0);
    await turn();
  }
  const closesEach = closes ? each : 1;
  return { frames: (each * (FRAMES_PER_CLOSE - 1) + closesEach) * all.length, closes: closesEach * all.length };
}

/** One frame a write at its own time; the loop turns every few frames, for pings and acknowledgements. */
async function paced({ frames, perSecond }) {
  const all = listeners();
  const startedAt = performance.now();
  const closedBefore = all.reduce((sum, { sent }) => sum + Math.floor(sent / FRAMES_PER_CLOSE), 0);
  for (let sent = 0; sent < frames;) {
    const due = startedAt + (sent * 1000) / perSecond;
    while (performance.now() < due);
    all[sent % all.length].writeFrame();
    sent++;
    if (sent % 16 === 0) await turn();
  }
  const closed = all.reduce((sum, { sent }) => sum + Math.floor(sent / FRAMES_PER_CLOSE), 0);
  return { frames, closes: closed - closedBefore, tookMs: performance.now() - startedAt };
}

function burst() {
  for (const connection of listeners()) connection.writeAllCloses();
  return { closes: listeners().reduce((sum, { topics }) => sum + topics.length, 0) };
}

answer({
  listen: async ({ symbols, ...options }) => {
    ({ venue } = options);
    const names = { [venue]: symbolsOf(symbols, venue) };
    exchange = await startFakeExchange({ symbols: names, startAt: STARTED_AT, publish: false });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { ws: `ws://127.0.0.1:${server.address().port}`, rest: exchange.endpoints(venue).rest };
  },
  state: () => ({
    connections: connections.size,
    topics: [...connections].reduce((sum, { topics }) => sum + topics.length, 0),
    requests: { klines: exchange.stats.klines.length },
    frameBytes: listeners()[0]?.topics[0]?.running.bytes.length ?? 0,
  }),
  flood,
  paced,
  burst,
});
