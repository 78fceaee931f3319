export * from '../index.ts';
export { natsLog, type NatsLog } from './nats-log.ts';
export type { NatsCredentials, NatsLogOptions } from './options.ts';
export type { StreamOptions, StreamReport } from './stream-rules.ts';
