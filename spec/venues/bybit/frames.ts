/** Candles and frames as they were recorded. */
export const CLOSED = '{"start":60000,"end":119999,"interval":"1","open":"77.28","close":"77.31","high":"77.31","low":"77.28","volume":"1252.7","turnover":"96823.3","confirm":true,"timestamp":120005}'; // prettier-ignore
export const OPENED = '{"start":120000,"end":179999,"interval":"1","open":"77.31","close":"77.31","high":"77.31","low":"77.31","volume":"0","turnover":"0","confirm":false,"timestamp":120005}'; // prettier-ignore

export const linear = (...klines: string[]) =>
  `{"topic":"kline.1.SOLUSDT","data":[${klines.join(',')}],"ts":120005,"type":"snapshot"}`;
export const spot = (...klines: string[]) =>
  `{"type":"snapshot","topic":"kline.1.SOLUSDT","data":[${klines.join(',')}],"ts":120005}`;
