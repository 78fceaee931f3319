import { expect, it } from 'vitest';
import { isOpenCandle } from '../../../src/venues/gate/open-candle.ts';

const OPEN =
  '{"time":1764559363,"time_ms":1764559363408,"channel":"spot.candlesticks","event":"update","result":{"t":"1764559320",' +
  '"v":"1146373.9657193","c":"86504.5","h":"86577.9","l":"86504.5","o":"86525.1","n":"1m_BTC_USDT","a":"13.244502","w":false}}';
const proves = (text: string): boolean => isOpenCandle(Buffer.from(text));

it('proves itself by its spelling', () => expect(proves(OPEN)).toBe(true));

it.each([
  ['closed', OPEN.replace('false', 'true')],
  ['of another length', OPEN.replace('1m_', '10s_')],
  ['in another order', OPEN.replace('"w":false}}', '"z":1,"w":false}}')],
  ['with w twice', OPEN.replace('"n":', '"w":true,"n":')],
  ['with an escape', OPEN.replace('BTC_USDT', 'BTC\\u005fUSDT')],
  ['without an end', OPEN.slice(0, -1)],
  ['far too long', OPEN.replace('BTC', 'B'.repeat(400))],
])('proves nothing that is %s', (_, text) => expect(proves(text)).toBe(false));
