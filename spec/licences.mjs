/** The licences of the packages that are bundled into ours (`spec/build.mjs`). */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;

/** Name of the package that a module belongs to; undefined for ours. */
export function packageOf(module) {
  return PACKAGE.exec(module)?.[1];
}

/** Name, version and licence text of every package that one of the modules belongs to. */
export function licencesOf(modules) {
  const folders = new Set(modules.flatMap((module) => PACKAGE.exec(module)?.[0] ?? []));
  return `rx-candles includes these packages.\n\n${[...folders].sort().map(licenceIn).join('\n')}`;
}

function licenceIn(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined && license !== 'MIT') throw new Error(`${name} has no licence file`);
  const text =
    file === undefined ? `${license}, by the package.json of ${name}` : readFileSync(join(folder, file), 'utf8');
  return `${name} ${version}\n\n${text.trim()}\n`;
}
