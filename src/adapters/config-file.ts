import type { YAMLError } from 'yaml';
import { validateSettings, type CheckedSettings, type FeedSettings } from '../core/settings.ts';
import { isRecord } from '../core/schema.ts';
import { readTlsFiles } from './tls-files.ts';
import type { Complaint, TextFile } from './text-file.ts';

/** Under this key of `config.yaml`, settings stand apart from those of another program. */
const OWN_KEY = 'rxCandles';

/** The content of one YAML file. */
export interface ConfigFile {
  readonly settings: FeedSettings;
  readonly complaints: readonly Complaint[];
  /** Whether the settings stand under a key of their own. */
  readonly isApart: boolean;
}

/** Reads a feed's settings; the parser is loaded only where there is a file. */
export async function readConfigFile({ name, path, text }: TextFile): Promise<ConfigFile> {
  const { value, errors } = await parse(text);
  if (errors.length > 0) return unreadable(errors.map(({ place, about }) => ({ name: `${name}${place}`, about })));
  if (!isRecord(value)) return unreadable([{ name, about: 'must be a mapping of options' }]);
  const isApart = Object.hasOwn(value, OWN_KEY);
  const own = isApart ? (withoutNulls(value[OWN_KEY]) ?? {}) : withoutNulls(value);
  if (!isRecord(own)) {
    const about = `${OWN_KEY}: must be a mapping of options`;
    return { settings: {}, complaints: [{ name, kind: 'bad', about }], isApart };
  }
  const { settings, problems } = await readTlsFiles(own, path);
  const checked = validateSettings(settings);
  const all = { ...checked, bad: [...checked.bad, ...problems] };
  const complaints = complaintsOf(all, isApart ? `${OWN_KEY}.` : '').map((one) => ({ ...one, name }));
  return { settings: withoutHalves(checked), complaints, isApart };
}

function unreadable(complaints: readonly Omit<Complaint, 'kind'>[]): ConfigFile {
  return { settings: {}, complaints: complaints.map((one) => ({ ...one, kind: 'unreadable' })), isApart: false };
}

function complaintsOf({ bad, unknown, half }: CheckedSettings, prefix: string): Omit<Complaint, 'name'>[] {
  const of = (kind: Complaint['kind'], problems: readonly string[]) =>
    problems.map((problem) => ({ kind, about: `${prefix}${problem}` }));
  return [...of('bad', bad), ...of('unknown', unknown), ...of('half a pair', half)];
}

function withoutHalves({ settings, half }: CheckedSettings): FeedSettings {
  const { credentials: _, ...others } = settings;
  return half.length === 0 ? settings : others;
}

interface BrokenPart {
  /** `:line:column`, behind the file's name; empty where the place is not known. */
  readonly place: string;
  readonly about: string;
}

async function parse(text: string): Promise<{ value?: unknown; errors: readonly BrokenPart[] }> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (document.errors.length > 0) return { errors: document.errors.map(partOf) };
  try {
    return { value: document.toJS() ?? {}, errors: [] };
  } catch {
    // The message would repeat what is written there, which may be a secret.
    return { errors: [{ place: '', about: 'is not valid YAML (unresolved or excessive aliases)' }] };
  }
}

function partOf({ code, linePos }: YAMLError): BrokenPart {
  const place = linePos === undefined ? '' : `:${linePos[0].line}:${linePos[0].col}`;
  const words = `is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
  return { place, about: code === 'MULTIPLE_DOCS' ? 'a second YAML document begins here; only one is allowed' : words };
}

/** An option whose line is there but empty, or whose whole group is commented out, is null in YAML. */
function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNulls(inner)]));
}
