import type { FeedEvent, WithoutVenue } from '../../core/events.ts';
import { otherThan, type Line } from './arbitration.ts';
import type { CandleStreamOptions, ObservableCandleStream } from './connection-context.ts';
import { candleStream } from './connection-pool.ts';
import { redundantStream } from './redundant-stream.ts';
import { StreamCounters } from './stream-counters.ts';

/**
 * Two streams of one feed as one. They share the limit of connection attempts and the numbers of connections, and draw
 * from halves of the random numbers of their own, so that neither reconnects nor rotates when the other does.
 *
 * @param onChanged - a series is carried by more lines than before, or by fewer
 */
export function redundantLines(options: CandleStreamOptions, onChanged: () => void): ObservableCandleStream {
  const numbers = { last: 0 };
  const counters = [new StreamCounters(numbers), new StreamCounters(numbers)] as const;
  const onDecodedInFull = once(options.onDecodedInFull);
  const lineOf = (line: Line): ObservableCandleStream =>
    candleStream(
      {
        ...options,
        random: () => (line + options.random()) / 2,
        mayRotate: () => counters[otherThan(line)].handovers === 0,
        publish: (event) => {
          options.publish(withLine(event, line));
        },
        onDecodedInFull,
      },
      counters[line],
    );
  const { scheduler, reconnect } = options;
  return redundantStream([lineOf(0), lineOf(1)], { scheduler, pauseMs: reconnect.maxDelayMs, onChanged });
}

function withLine(event: WithoutVenue<FeedEvent>, line: Line): WithoutVenue<FeedEvent> {
  switch (event.type) {
    case 'CONNECTED':
    case 'DISCONNECTED':
    case 'RECONNECTING':
      return { ...event, line: line === 0 ? 1 : 2 };
    default:
      return event;
  }
}

function once(tell: ((text: string) => void) | undefined): (text: string) => void {
  let isTold = false;
  return (text) => {
    if (!isTold) tell?.(text);
    isTold = true;
  };
}
