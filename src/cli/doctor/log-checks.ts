import type { Check } from './check.ts';
import { logLive, logSeries, logServer, logStream } from './checks/log.ts';
import type { LogAccess } from './log-access.ts';

/** All that has to be right for candles to come out of a log, in the order in which it is looked at. */
export const LOG_CHECKS: readonly Check<LogAccess>[] = [logServer, logStream, logSeries, logLive];
