import { isCandle, type StreamEvent } from '../wire.ts';
import { idOf, type Marks } from '../marks.ts';

/** How long a browser waits before it comes again, ms. */
export const RETRY_MS = 1000;

/** Where a page stands, and what is written next. */
export interface Written {
  readonly marks: Marks;
  readonly text: string;
}

/** An event as `text/event-stream` writes it; one that holds closed candles says how far they go. */
export function write({ marks }: Written, event: StreamEvent): Written {
  const after = marksAfter(marks, event);
  const id = after === marks ? '' : `id: ${idOf(after)}\n`;
  return { marks: after, text: `event: ${event.type}\n${id}data: ${JSON.stringify(event.data)}\n\n` };
}

function marksAfter(marks: Marks, event: StreamEvent): Marks {
  if (event.type !== 'points') return marks;
  const { series, points } = event.data;
  const last = points.findLast((point) => isCandle(point) && point.closed);
  return last === undefined ? marks : new Map([...marks, [series, last.timestamp]]);
}
