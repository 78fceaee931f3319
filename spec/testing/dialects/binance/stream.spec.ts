import { expect, it } from 'vitest';
import { BINANCE_RULES } from '../../../../src/testing/dialects/binance/rules.ts';
import { binanceStream } from '../../../../src/testing/dialects/binance/stream.ts';

const { seriesOf } = binanceStream(BINANCE_RULES['binance-usdm']);

it('reads stream names, in which only ASCII letters are lowered', () => {
  expect(seriesOf('币安人生usdt@kline_1m')).toEqual({ symbol: '币安人生USDT', interval: '1m' });
  expect(seriesOf('btcusd_perp@kline_1M')).toEqual({ symbol: 'BTCUSD_PERP', interval: '1M' });
  expect(seriesOf('BTCUSDT@kline_1m')).toBeUndefined();
});
