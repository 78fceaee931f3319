import { expect, it } from 'vitest';
import { isInterval } from '../../../../src/core/interval.ts';
import { intervalOf } from '../../../../src/venues/bybit/interval-code.ts';
import type { ToldKline } from '../../../../src/testing/dialects/dialect.ts';
import { BYBIT_RULES } from '../../../../src/testing/dialects/bybit/rules.ts';
import { klineText } from '../../../../src/testing/dialects/bybit/wire.ts';
import { SymbolState } from '../../../../src/testing/market/symbols.ts';
import { HAS_RECORDINGS } from '../../../support/recordings.ts';
import { framesOf } from '../../../venues/bybit/recordings.ts';

interface Said {
  readonly topic: string;
  readonly ts: number;
  readonly data: readonly Readonly<Record<string, string | number | boolean>>[];
}

function toldOf(k: Said['data'][number]): ToldKline {
  const text = (name: string) => String(k[name]);
  const decimals = { open: text('open'), high: text('high'), low: text('low'), close: text('close'), volume: text('volume'), quoteVolume: text('turnover') }; // prettier-ignore
  const untold = { trades: 1, takerBuyVolume: '0', takerBuyQuoteVolume: '0', firstTradeId: 1, lastTradeId: 1 };
  return { kline: { openTime: Number(k['start']), closeTime: Number(k['end']), ...decimals, ...untold }, closed: k['confirm'] === true }; // prettier-ignore
}

it.skipIf(!HAS_RECORDINGS)('writes what was recorded, byte for byte', () => {
  let written = 0;
  for (const venue of ['bybit-linear', 'bybit-spot'] as const) {
    const rules = BYBIT_RULES[venue];
    for (const frame of framesOf(venue)) {
      const { topic, ts, data } = JSON.parse(frame) as Partial<Said>;
      if (topic?.startsWith('kline.') !== true || ts === undefined || data?.[0]?.['timestamp'] !== ts) continue;
      const [, code, name = ''] = topic.split('.');
      const interval = intervalOf(code);
      if (!isInterval(interval)) throw new Error(topic);
      const symbol = new SymbolState(rules, { symbol: name }, { seed: 1, now: 0 });
      expect(klineText({ topic, symbol, interval, told: data.map(toldOf), eventTime: ts }, rules)).toBe(frame);
      written++;
    }
  }
  expect(written).toBeGreaterThan(50);
});
