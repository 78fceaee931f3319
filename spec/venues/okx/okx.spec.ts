import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { EVIDENCE } from '../../../src/core/missing-rules.ts';
import { createFeed } from '../../../src/index.ts';
import { okx } from '../../../src/venues/okx/okx.ts';

it('wants more evidence than the contract asks for, as its reads may go back in time', () => {
  for (const rule of ['missingAfter', 'missingAfterAnHour'] as const) {
    expect(okx.evidence[rule].answers).toBeGreaterThan(EVIDENCE[rule].answers);
    expect(okx.evidence[rule].overMs).toBeGreaterThan(EVIDENCE[rule].overMs);
  }
});

it.each([
  [true, '1'],
  [false, undefined],
])('asks for the demo by a header over REST: testnet %s', async (testnet, header) => {
  const asked: unknown[] = [];
  await using server = createServer(({ headers }, response) => {
    asked.push(headers['x-simulated-trading']);
    response.end('{"code":"0","msg":"","data":[{"instId":"BTC-USDT","state":"live"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const rest = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  await using feed = createFeed({ venue: 'okx', testnet, endpoints: { rest }, logLevel: 'silent' });
  await feed.symbols();
  expect(asked).toEqual([header, header, header]);
});
