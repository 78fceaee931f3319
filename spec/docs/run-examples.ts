import { fork, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { FakeExchange } from 'rx-candles/testing';
import { buildPackage } from '../support/built.ts';
import { until } from '../support/until.ts';
import { filesIn, projectRoot, textOf } from './pages.ts';

const VENUES = ['binance-spot', 'binance-usdm', 'bybit-linear'] as const;

/** The examples as programs beside the built package, in one process. */
export interface Examples extends AsyncDisposable {
  /** Their working directory. */
  readonly folder: string;
  begin(exchange: FakeExchange, examples: readonly string[]): void;
  type(line: string): void;
  linesOf(example: string): readonly string[];
  /** What the library has logged, and what Node says of an exception. */
  log(): string;
}

/** Resolves when the process is ready to run them, so that the exchange's clock need not wait for it. */
export async function startExamples(): Promise<Examples> {
  const built = buildPackage();
  const folder = join(built.cli, '../../..');
  const child = fork(join(writePrograms(folder), 'main.mjs'), {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, PORT: '0', LEVEL: '1' },
  });
  const heard = listenTo(child);
  await until(heard.isReady, 'the process of the examples', 60_000);
  return {
    folder,
    begin: (exchange, examples) => {
      writeFileSync(join(folder, 'config.yaml'), configFor(exchange));
      const endpoints = Object.fromEntries(VENUES.map((venue) => [venue, exchange.endpoints(venue)]));
      child.send({ order: 'begin', endpoints, examples });
    },
    type: (line) => void child.stdin?.write(`${line}\n`),
    linesOf: heard.linesOf,
    log: heard.log,
    [Symbol.asyncDispose]: async () => {
      child.send({ order: 'end' });
      await until(() => child.exitCode !== null, 'the end of the examples', 60_000);
      built.remove();
    },
  };
}

/** Each example in JavaScript, with the fake exchange and a console of its own. */
function writePrograms(folder: string): string {
  const programs = join(folder, 'examples');
  mkdirSync(programs);
  cpSync(join(projectRoot, 'spec/docs/examples'), programs, { recursive: true });
  cpSync(join(projectRoot, 'docs/examples/chart-page.html'), join(programs, 'chart-page.html'));
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  for (const file of filesIn('docs/examples', '.ts')) {
    const name = file.replace(/^.*\/(.*)\.ts$/, '$1');
    const { outputText } = ts.transpileModule(textOf(file), { compilerOptions });
    const code = outputText
      .replace("from 'rx-candles'", "from './fake.mjs'")
      .replace("'./strategy.ts'", "'./strategy.js'");
    const ownConsole = `import { consoleOf } from './console.mjs';\nconst console = consoleOf('${name}');\n`;
    writeFileSync(join(programs, `${name}.js`), ownConsole + code);
  }
  return programs;
}

/** For the default feed. */
function configFor(exchange: FakeExchange): string {
  const { stream, rest } = exchange.endpoints('binance-usdm');
  return `logLevel: warn\nendpoints: { stream: '${stream}', rest: '${rest}' }\n`;
}

function listenTo(child: ChildProcess) {
  const lines = new Map<string, string[]>();
  let isReady = false;
  let log = '';
  child.on('message', (message: 'ready' | { readonly example: string; readonly lines: readonly string[] }) => {
    if (message === 'ready') isReady = true;
    else lines.set(message.example, [...(lines.get(message.example) ?? []), ...message.lines]);
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (log += text.toString()));
  return { isReady: () => isReady, linesOf: (example: string) => lines.get(example) ?? [], log: () => log };
}
