import { InvalidArgumentError, Option, type Command } from 'commander';

/** What `--metrics-port` and `--metrics-host` leave in the options of a command. */
export interface MetricsArguments {
  readonly metricsPort?: number;
  readonly metricsHost: string;
}

/** Adds `--metrics-port` and `--metrics-host` to a command that runs for long. */
export function addMetricsOptions(command: Command): Command {
  return command
    .option('--metrics-port <port>', 'serve /metrics for Prometheus, and /healthz; 0 for any free port', toPort)
    .addOption(
      new Option('--metrics-host <host>', 'where to listen for them, 0.0.0.0 for everywhere').default('127.0.0.1'),
    );
}

function toPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('it must be a port: a whole number up to 65535');
}
