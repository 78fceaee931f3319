import { spawnSync } from 'node:child_process';

/** Whether a program of the system can be started (spec/debian-packages.txt); specs that need one are skipped without it. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}
