import type { EpochMs } from '../../core/candle.ts';
import type { Interval } from '../../core/interval.ts';
import type { Connection } from './connection.ts';
import type { CloseInfo } from '../options.ts';
import type { SymbolState } from '../market/symbols.ts';
import { Frame } from '../dialects/binance/wire.ts';

/** A series that somebody is subscribed to. */
export interface LiveTopic {
  readonly key: string;
  readonly name: string;
  readonly symbol: SymbolState;
  readonly interval: Interval;
  /** Which part of the update period it is pushed in. */
  readonly slot: number;
  readonly subscribers: Set<Connection>;
  /** What the last update showed, so that nothing is sent when nothing changed. */
  shown: string;
  /** A closing frame held back by the disorder fault. */
  held: (() => void) | undefined;
}

export function closeInfoOf({ symbol, interval }: LiveTopic, openTime: EpochMs): CloseInfo {
  return { venue: symbol.rules.id, symbol: symbol.symbol, interval, openTime };
}

/** Sends one kline event to all who are subscribed to it. */
export function push(topic: LiveTopic, text: string): void {
  const frame = new Frame(topic.name, text);
  for (const connection of topic.subscribers) connection.deliver(frame);
}

/** Writes of one moment leave together: a boundary of thousands of series costs few system calls. */
export function together(topics: Iterable<LiveTopic>, act: (topic: LiveTopic) => void): void {
  const corked = new Set<Connection>();
  for (const topic of topics) {
    for (const connection of topic.subscribers) corkOnce(connection, corked);
    act(topic);
  }
  for (const connection of corked) connection.uncork();
}

function corkOnce(connection: Connection, corked: Set<Connection>): void {
  if (corked.has(connection)) return;
  corked.add(connection);
  connection.cork();
}
