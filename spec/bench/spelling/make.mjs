import { writeFileSync } from 'node:fs';
import { deriveSpellings } from './derive.mjs';

/** `node spec/bench/spelling/make.mjs`: `spellings.json` anew, from recordings in `../shared/data`. */
writeFileSync(new URL('spellings.json', import.meta.url), `${JSON.stringify(deriveSpellings(), null, 2)}\n`);
