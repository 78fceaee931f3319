import { Option, type Command } from 'commander';
import { askForConfig, findConfig, VENUE_IDS } from '../configuration.ts';
import type { FeedOptions } from '../index.ts';
import { toRestUrl, toStreamUrl, toVenue } from './arguments.ts';
import { addProxyOption, type ProxyOption } from './proxy-option.ts';

/** The options of every command that asks an exchange. */
export interface FeedArguments extends ProxyOption {
  readonly venue?: NonNullable<FeedOptions['venue']>;
  readonly testnet?: true;
  readonly streamUrl?: string;
  readonly restUrl?: string;
  readonly config?: string;
  readonly logLevel?: NonNullable<FeedOptions['logLevel']>;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** Adds the options of `FeedArguments` to a command. */
export function addFeedOptions(command: Command): Command {
  addProxyOption(command);
  return command
    .addOption(
      new Option('--venue <venue>', 'the market, or ccxt:<exchange> (default: binance-usdm, or the config file)')
        .choices(VENUE_IDS)
        .argParser(toVenue),
    )
    .option('--testnet', "use the test network's hosts")
    .option('--stream-url <url>', 'custom stream host, e.g. wss://fstream.binance.com/market', toStreamUrl)
    .option('--rest-url <url>', 'custom REST host, e.g. https://fapi.binance.com', toRestUrl)
    .option('--config <file>', 'configuration file (default: config.yaml, if present)')
    .addOption(new Option('--log-level <level>', 'log level on stderr').choices(LOG_LEVELS));
}

/**
 * What runs until it is told to stop does not give up by itself, unless the file says otherwise; what is watched does, as
 * a feed does.
 */
export const TIRELESS: FeedOptions = { reconnect: { maxRetries: Infinity } };

/**
 * The command line overrides the file, which overrides the defaults.
 *
 * @param defaults - of the command, in place of the library's
 */
export async function feedOptionsOf(options: FeedArguments, defaults: FeedOptions = {}): Promise<FeedOptions> {
  const { venue, config, logLevel } = options;
  const instead = { logLevel, venue };
  const file = await (config === undefined ? findConfig(instead) : askForConfig(config, instead));
  return withArguments({ ...file, reconnect: { ...defaults.reconnect, ...file.reconnect } }, options);
}

/** @param file - what the configuration file says */
export function withArguments(file: FeedOptions, options: FeedArguments): FeedOptions {
  const { venue, testnet, streamUrl, restUrl, proxy, logLevel } = options;
  return {
    ...file,
    ...withoutGaps({ venue, testnet, proxy, logLevel }),
    endpoints: { ...file.endpoints, ...withoutGaps({ stream: streamUrl, rest: restUrl }) },
  };
}

type WithoutGaps<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutGaps<T extends object>(options: T): WithoutGaps<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as WithoutGaps<T>;
}
