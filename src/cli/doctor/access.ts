import {
  reachOf,
  readConfig,
  type ConfigReading,
  type Handshake,
  type Reach,
  type TimeAnswer,
} from '../../configuration.ts';
import type { FeedOptions } from '../../index.ts';
import { withArguments, type FeedArguments } from '../feed-options.ts';
import { LiveFeed } from './live-feed.ts';

/** What the files say, and what they and the command line come to. */
export interface Settings {
  readonly reading: ConfigReading;
  /** Whether the file was named by the user; one that was found may be another program's. */
  readonly isNamed: boolean;
  readonly feed: FeedOptions;
}

/**
 * How this machine gets at an exchange: what the checks of `doctor` look at. Each part is asked for when it is first
 * needed, and once.
 */
export class Access {
  /** As the user wrote them; empty for one of the venue's. */
  readonly symbols: readonly string[];
  readonly settings: () => Promise<Settings>;
  readonly reach: () => Promise<Reach>;
  readonly time: () => Promise<TimeAnswer>;
  /** Undefined where ccxt alone can open a WebSocket. */
  readonly handshake: () => Promise<Handshake | undefined>;
  /** A feed as `watch` would have it. */
  readonly live: () => Promise<LiveFeed>;
  /** What the exchange answered so far. */
  readonly answered: { time?: TimeAnswer; handshake?: Handshake | undefined } = {};
  #live: LiveFeed | undefined;

  constructor(symbols: readonly string[], options: FeedArguments) {
    this.symbols = symbols;
    this.settings = once(() => settingsOf(options));
    this.reach = once(async () => reachOf((await this.settings()).feed));
    this.time = once(async () => (this.answered.time = await (await this.reach()).askTime()));
    this.handshake = once(async () => (this.answered.handshake = await (await this.reach()).shakeHands?.()));
    this.live = once(async () => (this.#live = new LiveFeed((await this.settings()).feed)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#live?.close();
  }
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}

async function settingsOf(options: FeedArguments): Promise<Settings> {
  const reading = await readConfig(options.config, { venue: options.venue });
  // What is wrong is for the checks to say; whoever wants the log as well asks for it.
  const { logLevel = 'silent' } = options;
  const feed = { ...withArguments(reading.settings, options), logLevel };
  return { reading, isNamed: options.config !== undefined, feed };
}
