/** A second door, for the command line alone: settings with a log level that is known before any file is read, and more. */
export { askForConfig, findConfig, readConfig, type ConfigReading } from './adapters/load-config.ts';
export { logEvents, type EventSource } from './adapters/log.ts';
export { VENUE_IDS } from './core/candle.ts';
export { validateSettings } from './core/settings.ts';
export { parquetColumn, parquetSchema } from './core/parquet-columns.ts';
export { closestWord } from './core/spelling.ts';
export { connectionFailure } from './adapters/connection-failure.ts';
export { openTunnel } from './adapters/tunnel.ts';
export { reachOf, type Handshake, type Host, type Reach, type TimeAnswer } from './reach.ts';
