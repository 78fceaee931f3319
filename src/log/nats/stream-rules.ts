import type { StreamConfig } from '@nats-io/jetstream';
import type { StreamOptions } from './options.ts';

/** What is looked at of a stream. An older server leaves out what it does not know. */
export type Rules = Partial<StreamConfig>;

const KEEP = 100_000;
/** For an append that is repeated after a lost acknowledgement; nothing depends on it. ns. */
const DUPLICATE_WINDOW = 120 * 1e9;

export function prefixOf(stream: string): string {
  return stream.toLowerCase();
}

/** Where what is stored is republished, for readers that need no place of their own on the server. */
export function livePrefixOf(stream: string): string {
  return `${prefixOf(stream)}-live`;
}

/**
 * The stream that keeps the promise. Retention by count and not by age: once the last candle of a series had expired,
 * nothing would fence off an old one. No limit for the whole stream either: it takes from quiet series first.
 */
export function rulesOf(
  stream: string,
  { keep = KEEP, replicas = 1 }: StreamOptions,
): Rules & { readonly name: string } {
  return {
    name: stream,
    subjects: [`${prefixOf(stream)}.>`],
    storage: 'file',
    retention: 'limits',
    discard: 'old',
    max_age: 0,
    max_msgs: -1,
    max_bytes: -1,
    max_msgs_per_subject: keep === 'all' ? -1 : keep,
    num_replicas: replicas,
    duplicate_window: DUPLICATE_WINDOW,
    allow_direct: false,
    allow_rollup_hdrs: false,
    republish: { src: `${prefixOf(stream)}.>`, dest: `${livePrefixOf(stream)}.>` },
  };
}

/** What of a stream that exists breaks the promise, a sentence each. */
export function brokenRules(rules: Rules, stream: string): string[] {
  const subject = `${prefixOf(stream)}.>`;
  const { max_age = 0, max_msgs = -1, max_bytes = -1, max_msgs_per_subject: keep = -1 } = rules;
  return [
    [rules.subjects?.includes(subject), `its subjects must include ${subject}`],
    [rules.mirror === undefined && rules.sources === undefined, 'it must not be a copy of another stream'],
    [rules.storage === 'file', 'its storage must be file'],
    [rules.retention === 'limits', 'its retention must be limits'],
    [rules.discard === 'old', 'it must discard old messages'],
    [max_age === 0, 'it must have no max_age: an old candle could be stored again once its successors have expired'],
    [max_msgs === -1, 'it must have no max_msgs: a quiet series would lose its end'],
    [max_bytes === -1, 'it must have no max_bytes: a quiet series would lose its end'],
    [keep === -1 || keep >= 2, 'its max_msgs_per_subject must be at least 2'],
    [rules.no_ack !== true, 'it must acknowledge what it stores'],
    [rules.sealed !== true, 'it is sealed'],
  ].flatMap(([isKept, problem]) => (isKept === true ? [] : [String(problem)]));
}

/** What differs from what was asked for, and what an older server left out without a word. */
export function differences(rules: Rules, wanted: Rules, { keep, replicas }: StreamOptions): string[] {
  const { num_replicas = 1, max_msgs_per_subject = -1, republish } = rules;
  const kept = keptOf(max_msgs_per_subject);
  return [
    [textOf(republish) === textOf(wanted.republish), `it must republish ${textOf(wanted.republish)}`],
    [(keep ?? kept) === kept, `it keeps ${kept} candles of a series, not ${keep}`],
    [(replicas ?? num_replicas) === num_replicas, `it has ${num_replicas} replicas, not ${replicas}`],
  ].flatMap(([isSo, problem]) => (isSo === true ? [] : [String(problem)]));
}

function textOf(republish: Rules['republish']): string {
  return `${republish?.src} to ${republish?.dest}`;
}

export function keptOf(maxMessages: number): number | 'all' {
  return maxMessages < 0 ? 'all' : maxMessages;
}

/** The first server whose fence holds in a cluster (nats-server#4319), and the first that is known to have all we use. */
const SAFE_IN_CLUSTER = [2, 9, 21];
const OLDEST = [2, 9, 0];

/** Why a server of this version cannot be used; undefined if it can. */
export function versionProblem(version: string, replicas: number): string | undefined {
  if (isBefore(version, OLDEST)) return `nats-server ${version} is too old; 2.9 or later is needed`;
  if (replicas < 2 || !isBefore(version, SAFE_IN_CLUSTER)) return undefined;
  return `nats-server ${version} may store a candle twice with ${replicas} replicas; 2.9.21 or later is needed for them`;
}

function isBefore(version: string, other: readonly number[]): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  const at = other.findIndex((number, index) => (numbers[index] ?? 0) !== number);
  return at !== -1 && (numbers[at] ?? 0) < (other[at] ?? 0);
}
