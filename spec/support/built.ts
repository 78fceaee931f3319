import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The package as it would be installed, in a folder of its own. */
export interface Built {
  readonly cli: string;
  remove(): void;
}

/** The code of the package without its declarations. */
export function buildPackage(): Built {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-built-'));
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), readFileSync(join(projectRoot, 'package.json')));
  const args = [join(projectRoot, 'spec/build.mjs'), join(folder, 'dist')];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the package could not be built: ${stderr}`);
  return {
    cli: join(folder, 'dist/cli/cli.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
