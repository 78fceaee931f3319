import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import type { StreamEvents } from '../../src/chart/wire.ts';

/** One event as it came. */
export interface CameEvent {
  readonly event: keyof StreamEvents;
  readonly id: string;
  readonly data: unknown;
}

/** A page without a browser: it reads `text/event-stream`. */
export interface EventPage {
  readonly events: readonly CameEvent[];
  of<K extends keyof StreamEvents>(type: K): readonly StreamEvents[K][];
  /** What a browser would send as `Last-Event-ID`. */
  lastId(): string;
  close(): void;
}

export async function openEventPage(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventPage> {
  const events: CameEvent[] = [];
  const [request, response] = await new Promise<[ClientRequest, IncomingMessage]>((resolve, reject) => {
    const asked = get(url, { headers }, (came) => resolve([asked, came]));
    asked.once('error', reject);
  });
  // The server ends it, or we do.
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    events.push(...blocks.filter((block) => block.includes('event: ')).map(eventOf));
  });
  return {
    events,
    of: (type) => events.filter(({ event }) => event === type).map(({ data }) => data as never),
    lastId: () => events.findLast(({ id }) => id !== '')?.id ?? '',
    close: () => request.destroy(),
  };
}

function eventOf(block: string): CameEvent {
  const fields = new Map(block.split('\n').map((line) => [line.split(': ')[0] ?? '', line.replace(/^\w+: /, '')]));
  return {
    event: fields.get('event') as CameEvent['event'],
    id: fields.get('id') ?? '',
    data: JSON.parse(fields.get('data') ?? 'null') as unknown,
  };
}
