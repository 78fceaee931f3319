import type { EpochMs } from '../../core/candle.ts';
import type { Interval } from '../../core/interval.ts';
import type { Connection } from './connection.ts';
import type { CloseInfo } from '../options.ts';
import type { SymbolState } from '../market/symbols.ts';
import type { ToldKline } from '../dialects/dialect.ts';
import { Frame } from './frame.ts';
import type { VenueState } from './exchange-state.ts';

/** A series that somebody is subscribed to. */
export interface LiveTopic {
  readonly key: string;
  readonly name: string;
  readonly venue: VenueState;
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

/** What a frame says of these candles, in the words of the venue. */
export function textOf(
  { name, venue, symbol, interval }: LiveTopic,
  told: readonly ToldKline[],
  eventTime: EpochMs,
): string {
  return venue.dialect.stream.candleText({ topic: name, symbol, interval, told, eventTime });
}

/** Sends one message to all who are subscribed to the topic. */
export function push(topic: LiveTopic, text: string): void {
  const frame = new Frame(topic.name, text, topic.venue.dialect.stream);
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
