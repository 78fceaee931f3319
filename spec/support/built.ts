import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/** The package as it would be installed, in a folder of its own. */
export interface Built {
  readonly cli: string;
  remove(): void;
}

/** Compiles the sources without checking them: what is type-checked elsewhere need only run here. */
export function buildPackage(): Built {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-built-'));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), readFileSync(join(projectRoot, 'package.json')));
  for (const file of readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.ts'))
      compile(join(projectRoot, 'src', file), join(folder, 'dist', file.replace(/\.ts$/, '.js')));
  }
  return {
    cli: join(folder, 'dist/apps/cli.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function compile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, ts.transpileModule(readFileSync(from, 'utf8'), { compilerOptions }).outputText);
}
