import type { CandleLog } from '../../ports/candle-log.ts';
import type { NatsLogOptions } from './options.ts';
import type { StreamOptions, StreamReport } from './stream-rules.ts';

/** A `CandleLog` in a stream of NATS JetStream. */
export interface NatsLog extends CandleLog {
  /**
   * Makes the stream, or looks whether the one that is there keeps the rules that the promise needs. Nothing of an existing
   * stream is changed.
   *
   * @returns rejects with a LogError that says what is wrong with it
   */
  ensureStream(options?: StreamOptions): Promise<StreamReport>;
}

/**
 * Opens a log in NATS JetStream. Connects with the first use, to whichever server answers, and again for as long as
 * somebody waits. Loads `@nats-io/transport-node` and `@nats-io/jetstream` only then.
 *
 * @throws ConfigError that lists every problem with the options
 */
export function natsLog(options: NatsLogOptions = {}): NatsLog {
  throw new Error(`not built yet: ${String(options.stream)}`);
}
