import { readFileSync } from 'node:fs';

const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const PACKAGES = { official: '@binance/derivatives-trading-usds-futures' };
const NAMES = { official: 'official connector', bare: 'bare `ws` handler', 'ws + JSON.parse': '`ws` and `JSON.parse`' };

/** What a contender is called in docs/speed.md: a package with its version. */
export function versionOf(contender) {
  const version = dependencies[PACKAGES[contender] ?? contender];
  const name = NAMES[contender] ?? (version === undefined ? contender : `\`${contender}\``);
  return version === undefined ? name : `${name} ${version}`;
}
