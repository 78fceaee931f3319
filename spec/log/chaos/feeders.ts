import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { buildPackage } from '../../support/built.ts';

/** The program that feeds, beside the package as it is installed. */
export interface FeederProgram {
  readonly path: string;
  remove(): void;
}

export function buildFeeder(): FeederProgram {
  const built = buildPackage();
  const path = join(dirname(built.cli), 'feeder.js');
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const source = readFileSync(new URL('children/feeder.ts', import.meta.url), 'utf8');
  writeFileSync(path, ts.transpileModule(source, { compilerOptions }).outputText);
  return {
    path,
    remove: () => {
      built.remove();
    },
  };
}

/** A feeder as a process of its own, which is started again when it was killed. */
export class Feeder {
  readonly #program: readonly string[];
  #child: ChildProcess;
  /** What any of its lives complained of. */
  errors = '';
  kills = 0;
  pauses = 0;

  constructor(path: string, args: readonly string[]) {
    this.#program = [path, ...args];
    this.#child = this.#start();
  }

  async kill(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async restart(): Promise<void> {
    this.kills += 1;
    await this.kill();
    this.#child = this.#start();
  }

  /** Lets it stand still, as a machine does that swaps or is moved. */
  async pause(ms: number): Promise<void> {
    this.pauses += 1;
    const child = this.#child;
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill('SIGCONT');
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, this.#program, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (text: Buffer) => (this.errors += String(text)));
    return child;
  }
}
