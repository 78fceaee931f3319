import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import { natsLog } from '../../../src/log/nats/index.ts';
import { candle } from '../../support/candle.ts';
import { hasNatsServer, startNatsServer, type NatsServer } from '../../support/nats-server.ts';
import { fakeTerminal } from '../../support/terminal.ts';

interface Line {
  readonly id: string;
  readonly outcome: string;
  readonly found: string;
  readonly advice: string | null;
}

async function doctor(...args: readonly string[]) {
  const { terminal, lines } = fakeTerminal();
  const code = await run(['doctor', '--json', ...args], terminal);
  const all = lines().map((line) => JSON.parse(line) as Line);
  return {
    code,
    outcomes: all.map(({ id, outcome }) => `${id} ${outcome}`),
    of: (id: string) => all.find((one) => one.id === id),
  };
}

const MINUTE = 60_000;
/** A candle of a minute that closed so many minutes ago. */
function closedAgo(minutes: number, symbol: string) {
  const closeTime = Date.now() - minutes * MINUTE;
  return candle(0, { venue: 'binance-usdm', symbol, interval: '1m', timestamp: closeTime + 1 - MINUTE, closeTime });
}

it('says that nobody is there', async () => {
  const { code, outcomes, of } = await doctor('--nats', '127.0.0.1:1', '--timeout', '5');
  expect(code).toBe(1);
  expect(outcomes).toEqual(['log-server failed', 'log-stream skipped', 'log-series skipped', 'log-live skipped']);
  expect(of('log-server')).toMatchObject({ advice: expect.stringContaining('is nats-server running') as string });
});

describe.skipIf(!hasNatsServer)('rx-candles doctor --nats', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('says that JetStream is off', async () => {
    await using plain = await startNatsServer('', false);
    const { outcomes, of } = await doctor('--nats', plain.url, '--quick');
    expect(outcomes.slice(0, 2)).toEqual(['log-server ok', 'log-stream failed']);
    expect(of('log-stream')?.found).toContain('-js');
  });

  it('says that there is no stream, and makes none', async () => {
    for (let attempt = 0; attempt < 2; attempt++) {
      const { code, outcomes, of } = await doctor('--nats', server.url, '--quick');
      expect(code).toBe(1);
      expect(outcomes).toEqual(['log-server ok', 'log-stream failed', 'log-series skipped', 'log-live skipped']);
      expect(of('log-stream')?.advice).toContain('rx-candles feed');
    }
  });

  it('tells a log that is fed from one that is not, and a series that is not there', async () => {
    await using log = natsLog({ servers: server.url, stream: 'FED' });
    await log.ensureStream();
    await log.append(closedAgo(0.5, 'BTCUSDT'), undefined);
    const args = ['--nats', server.url, '--nats-stream', 'FED'];
    const fed = await doctor(...args, 'btcusdt', '--quick');
    expect(fed).toMatchObject({
      code: 0,
      outcomes: ['log-server ok', 'log-stream ok', 'log-series ok', 'log-live skipped'],
    });
    expect(fed.of('log-stream')?.found).toMatch(/^FED on nats-server [\d.]+: 1 candle, /);
    await log.append(closedAgo(90, 'ETHUSDT'), undefined);
    const stale = await doctor(...args, '--quick');
    expect(stale.code).toBe(0);
    expect(stale.of('log-series')).toMatchObject({
      outcome: 'warning',
      found: expect.stringContaining('ETHUSDT 1m') as string,
    });
    const lacking = await doctor(...args, 'BTCUSDT', 'NOSUCH', '--quick');
    expect(lacking.code).toBe(1);
    expect(lacking.of('log-series')?.found).toBe('the log has nothing of binance-usdm NOSUCH');
  });

  it('waits for a candle to come', async () => {
    await using log = natsLog({ servers: server.url, stream: 'LIVE' });
    await log.ensureStream();
    const first = closedAgo(1, 'BTCUSDT');
    await log.append(first, undefined);
    const examined = doctor('--nats', server.url, '--nats-stream', 'LIVE');
    const next = { ...first, timestamp: first.closeTime + 1, closeTime: first.closeTime + MINUTE };
    await new Promise((resolve) => setTimeout(resolve, 500)); // it has begun by then, or finds the candle as the last one
    await log.append(next, first.timestamp);
    const { code, of } = await examined;
    expect(code).toBe(0);
    expect(of('log-live')).toMatchObject({
      outcome: 'ok',
      found: expect.stringMatching(/^BTCUSDT 1m, -?\d+ ms after/) as string,
    });
  });
});
