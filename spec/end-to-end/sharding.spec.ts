import { expect, it } from 'vitest';
import { PATIENT, expectWhole, rig, until } from './rig.ts';

it('carries 450 series over three connections within the limits, and a lost one takes only its own through recovery', async () => {
  const venue = 'binance-spot';
  const symbols = Array.from({ length: 450 }, (_, index) => `S${String(index).padStart(3, '0')}USDT`);
  await using r = await rig({ exchange: { symbols: { [venue]: symbols }, updatesPerSecond: 0 }, feed: PATIENT });
  const heard = symbols.map((symbol) => ({ symbol, heard: r.listen(symbol, '1s') }));
  await Promise.all(heard.map(({ heard: one }) => one.count(2)));
  await until(() =>
    r
      .of('CANDLE_CLOSED')
      .slice(-450)
      .every(({ candle }) => candle.source === 'stream'),
  );
  expect(r.exchange.stats).toMatchObject({ connections: 3, topics: 450 });

  const klinesBefore = r.exchange.stats.klines.length;
  const dropped = new Set<string>();
  const hit = r.exchange.faults.stream.drop(({ id, topics }) => {
    if (id !== 2) return false;
    for (const topic of topics) dropped.add(topic.replace('@kline_1s', '').toUpperCase());
    return true;
  });
  expect(hit).toBe(1);
  await until(() => r.of('CONNECTED').length === 4);
  const had = Math.max(...heard.map(({ heard: one }) => one.candles.length));
  await Promise.all(heard.map(({ heard: one }) => one.count(had + 2)));

  for (const { symbol, heard: one } of heard) expectWhole(one.candles, r.exchange, { venue, symbol, interval: '1s' });
  const fetched = r.exchange.stats.klines.slice(klinesBefore).map(({ symbol }) => symbol);
  expect(fetched.filter((symbol) => !dropped.has(symbol))).toEqual([]);
  expect(dropped.size).toBeGreaterThan(0);
  expect(r.exchange.stats.limitBreaks).toEqual([]);

  for (const { heard: one } of heard) one.stop();
  await until(() => r.exchange.stats.connections === 0, 'all sockets to be closed', 1000);
});
