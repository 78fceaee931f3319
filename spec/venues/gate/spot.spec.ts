import { expect, it } from 'vitest';
import { gateSpot } from '../../../src/venues/gate/spot.ts';

it('is a spot market with hosts, and a test network, of its own', () => {
  expect(gateSpot.stream.urlOf(gateSpot.endpoints.stream, '1m_BTC_USDT')).toBe('wss://api.gateio.ws/ws/v4/');
  expect(gateSpot.testnet.stream).not.toBe(gateSpot.endpoints.stream);
});

it('spans no more open times in one request than Gate takes, and none that it refuses for their age', () => {
  const { maxRows, maxSpanRows, keptMs } = gateSpot.rest.paging;
  expect([maxRows, maxSpanRows].every((rows = Infinity) => rows < 1000)).toBe(true);
  expect(Object.keys(keptMs ?? {})).toEqual(gateSpot.intervals);
  expect(keptMs?.['1m']).toBeLessThan(10_000 * 60_000);
});
