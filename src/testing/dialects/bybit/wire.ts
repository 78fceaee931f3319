import { codeOf } from '../../../venues/bybit/interval-code.ts';
import type { Kline } from '../../market/kline.ts';
import type { CandleEvent, ToldKline } from '../dialect.ts';
import type { BybitRules } from './rules.ts';

/** A kline frame as this market writes it: futures and spot with their members in another order, as recorded. */
export function klineText(event: CandleEvent, { category }: Pick<BybitRules, 'category'>): string {
  const { topic, interval, told, eventTime } = event;
  const ts = String(eventTime);
  const data = `"data":[${told.map((one) => candleText(one, codeOf(interval), ts)).join(',')}]`;
  return category === 'spot'
    ? `{"type":"snapshot","topic":"${topic}",${data},"ts":${ts}}`
    : `{"topic":"${topic}",${data},"ts":${ts},"type":"snapshot"}`;
}

function candleText({ kline: k, closed }: ToldKline, code: string, ts: string): string {
  return (
    `{"start":${String(k.openTime)},"end":${String(k.closeTime)},"interval":"${code}","open":"${k.open}",` +
    `"close":"${k.close}","high":"${k.high}","low":"${k.low}","volume":"${k.volume}","turnover":"${k.quoteVolume}",` +
    `"confirm":${String(closed)},"timestamp":${ts}}`
  );
}

/** The seven columns of a REST row. */
export function rowOf(k: Kline): readonly string[] {
  return [String(k.openTime), k.open, k.high, k.low, k.close, k.volume, k.quoteVolume];
}
