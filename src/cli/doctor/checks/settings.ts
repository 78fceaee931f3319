import { validateSettings, VENUE_IDS, type Reach } from '../../../configuration.ts';
import { ConfigError } from '../../../index.ts';
import type { Access, Settings } from '../access.ts';
import { failed, ok, warning, type Check, type Finding } from '../check.ts';

type Complaint = Settings['reading']['complaints'][number];

export const config: Check<Access> = {
  id: 'config',
  title: 'configuration',
  run: async ({ settings }) => configFinding(await settings()),
};

/** A file that was only found may be another program's: what is unknown there harms nobody. */
export function configFinding({ reading, isNamed, feed }: Settings): Finding {
  const { complaints, files, hint } = reading;
  const own = complaints.filter(({ kind }) => kind !== 'half a pair');
  const { store: _, bus: __, ...given } = feed;
  // What the file says has been checked, so that these are the command line's.
  const others = validateSettings(given).bad.map((about) => ({ name: 'command line', kind: 'bad' as const, about }));
  const problems = [...own, ...others].map(textOf);
  const measures = { files, problems };
  const isFatal = others.length > 0 || own.some(({ kind }) => isNamed || kind === 'bad');
  const advice = `mend each of them${hint === undefined ? '' : `; ${hint}`}`;
  if (isFatal) return failed(problems.join('; '), advice, measures);
  const read = files.length === 0 ? 'no config.yaml here: defaults and options' : files.join(' and ');
  if (problems.length === 0) return ok(read, measures);
  return warning(`${read}; ignored: ${problems.join('; ')}`, hint ?? advice, measures);
}

export const keys: Check<Access> = {
  id: 'keys',
  title: 'API keys',
  run: async ({ settings }) => keysFinding(await settings()),
};

/** Never a part of a key. */
export function keysFinding({ reading, isNamed, feed: { venue = VENUE_IDS[0], credentials } }: Settings): Finding {
  const { complaints, keysFrom: from = null } = reading;
  const halves = complaints.filter(({ kind }) => kind === 'half a pair').map(textOf);
  if (halves.length > 0) {
    const measures = { keys: 'half', from };
    const advice = 'a key without its secret is of no use: set both or neither; candles need none';
    return isNamed ? failed(halves.join('; '), advice, measures) : warning(halves.join('; '), advice, measures);
  }
  if (credentials === undefined) return ok('none, and candles need none', { keys: 'absent', from: null });
  const use = venue.startsWith('ccxt:') ? 'handed to ccxt' : 'not used: candles need none';
  return ok(`present (${from ?? 'configuration'}), ${use}`, { keys: 'present', from });
}

function textOf({ name, about }: Complaint): string {
  return `${name}: ${about}`;
}

export const venue: Check<Access> = {
  id: 'venue',
  title: 'venue',
  needs: ['config'],
  run: async ({ settings, reach }) => {
    const { feed } = await settings();
    try {
      return venueFinding(feed, await reach());
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return failed(error.problems.join('; '), 'correct it on the command line, in config.yaml or in the environment');
    }
  },
};

export function venueFinding(
  { venue: id = VENUE_IDS[0], testnet = false }: Settings['feed'],
  { rest, stream }: Pick<Reach, 'rest' | 'stream'>,
): Finding {
  const measures = { venue: id, testnet, stream: stream?.url ?? null, rest: rest.url };
  const hosts = [measures.stream ?? 'the streams of ccxt', rest.url];
  return ok(`${id}${testnet ? ' (test network)' : ''}: ${hosts.join(' and ')}`, measures);
}

export const symbols: Check<Access> = {
  id: 'symbols',
  title: 'symbol list',
  needs: ['rest'],
  run: async ({ live }, { timeoutMs }) => {
    const listed = await (await live()).symbols(timeoutMs);
    if (!listed.ok) return failed(`no symbol list (${listed.why || 'no answer in time'})`, 'try again; a slow network needs a longer --timeout'); // prettier-ignore
    const trading = listed.value.filter(({ phase }) => phase === 'trading').length;
    const measures = { listed: listed.value.length, trading };
    if (trading === 0) return failed(`${listed.value.length} listed, none of which trades`, 'check --rest-url: is this the right exchange?', measures); // prettier-ignore
    return ok(`${listed.value.length} listed, ${trading} trading`, measures);
  },
};
