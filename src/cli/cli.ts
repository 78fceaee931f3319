#!/usr/bin/env node
import { failureOf, run } from './program.ts';
import { processTerminal } from './terminal.ts';

const args = process.argv.slice(2);

// A bug of ours, wherever it shows: still one line, and a failure.
process.on('uncaughtException', (error) => {
  process.stderr.write(failureOf(error, args), () => process.exit(1));
});

process.exitCode = await run(args, processTerminal());
