import type { Interval } from '../../core/interval.ts';
import type { SeriesKey, Topic } from '../../ports/stream-protocol.ts';
import { GATE_INTERVALS } from './candle.ts';

/** `1m_BTC_USDT`, as frames name it. */
export function topicOf({ symbol, interval }: SeriesKey): Topic {
  return `${interval}_${symbol}`;
}

/** The payload of a request: `["1m","BTC_USDT"]`. */
export function payloadOf(topic: Topic): readonly [interval: string, symbol: string] {
  const end = topic.indexOf('_');
  return [topic.slice(0, end), topic.slice(end + 1)];
}

/** The series that a frame names; undefined if it is none that we know. */
export function seriesOf(name: unknown): SeriesKey | undefined {
  if (typeof name !== 'string') return undefined;
  const [length, symbol] = payloadOf(name);
  const interval: Interval | undefined = GATE_INTERVALS.find((one) => one === length);
  return interval === undefined || symbol === '' ? undefined : { symbol, interval };
}
