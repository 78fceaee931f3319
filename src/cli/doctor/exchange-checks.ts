import type { Access } from './access.ts';
import type { Check } from './check.ts';
import { clock } from './checks/clock.ts';
import { closeLag, data, spelling } from './checks/live.ts';
import { networkChecks, proxy } from './checks/network.ts';
import { geoBlock, rateLimits, rest } from './checks/rest.ts';
import { config, keys, symbols, venue } from './checks/settings.ts';
import { stream } from './checks/stream.ts';

/** All that has to be right for candles to come from an exchange, in the order in which it is looked at. */
export const EXCHANGE_CHECKS: readonly Check<Access>[] = [
  config,
  keys,
  venue,
  proxy,
  ...networkChecks('rest'),
  rest,
  ...networkChecks('stream'),
  stream,
  geoBlock,
  rateLimits,
  clock,
  symbols,
  data,
  spelling,
  closeLag,
];
