import { EMPTY } from 'rxjs';
import { logEvents, type EventSource } from '../configuration.ts';
import { createFeed, EventBus, type Feed, type FeedOptions } from '../index.ts';

type LoggedType = Parameters<EventSource['on']>[0];

/** A feed whose log goes where a screen is drawn, instead of into it. */
export interface ScreenFeed {
  readonly feed: Feed;
  readonly close: () => Promise<void>;
}

/**
 * @param say - takes each line of the log
 * @param except - events that the command tells in its own way
 */
export function screenFeed(
  settings: FeedOptions,
  say: (line: string) => void,
  except: readonly LoggedType[] = [],
): ScreenFeed {
  const { logLevel, ...others } = settings;
  const bus = new EventBus();
  const feed = createFeed({ ...others, bus, logLevel: 'silent' });
  const log = logEvents({ on: (type) => (except.includes(type) ? EMPTY : bus.on(type)) }, logLevel, say);
  const close = async (): Promise<void> => {
    await feed.close();
    log.close();
  };
  return { feed, close };
}
