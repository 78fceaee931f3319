export * from '../index.ts';
export { natsLog, type NatsLog } from './nats-log.ts';
export type { NatsCredentials, NatsLogOptions, StreamOptions, StreamReport } from './options.ts';
