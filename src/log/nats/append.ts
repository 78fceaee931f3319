import type { Candle, EpochMs } from '../../core/candle.ts';
import { LogError } from '../../core/errors.ts';
import { LogInterrupted } from '../../core/log-interrupted.ts';
import type { AppendAnswer, CandleSeries, LogEntry } from '../../ports/candle-log.ts';
import { decideAppend } from '../append-decision.ts';
import { decodeEntry, encodeEntry } from '../message.ts';
import { hasNoResponder, isFenced } from './failure.ts';
import type { Session, Stored, Tail } from './session.ts';
import { prefixOf } from './stream-rules.ts';
import { subjectOf } from './subject.ts';

/** For one message, ms. */
const TIMEOUT_MS = 5000;
/** Without a pause between them. */
const MOST_ATTEMPTS = 5;

/** The last message of a series, read from the leader of the stream: another replica may be behind. */
export async function readTail(session: Session, series: CandleSeries): Promise<Stored | undefined> {
  const subject = subjectOf(prefixOf(session.stream), series);
  const message = await session.jsm.streams.getMessage(session.stream, { last_by_subj: subject });
  session.tails.delete(subject);
  if (message === null) return undefined;
  const entry = entryIn(message.string(), session.stream, message.seq);
  session.tails.set(subject, { timestamp: entry.candle.timestamp, seq: message.seq });
  return { entry, seq: message.seq };
}

/** @throws LogError for what nobody of us has written */
export function entryIn(text: string, stream: string, seq: number): LogEntry {
  const entry = decodeEntry(text);
  if (typeof entry === 'object') return entry;
  throw new LogError('bad message', stream, { what: `message ${seq} is none of this log: ${entry}` });
}

/**
 * One attempt to store a candle behind its predecessor. What the session knows of the end of the series is believed as long
 * as it makes the candle the next one; the server has the last word.
 */
export async function appendOnce(session: Session, candle: Candle, after: EpochMs | undefined): Promise<AppendAnswer> {
  await session.facts();
  const subject = subjectOf(prefixOf(session.stream), candle);
  let tail = session.tails.get(subject);
  if (tail?.timestamp !== after) tail = await currentTail(session, candle);
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const decision = decideAppend(candle.timestamp, after, tail?.timestamp);
    if (decision !== 'append') return decision;
    if (await publish(session, { candle, previous: after ?? null }, { subject, tail })) return 'stored';
    tail = await currentTail(session, candle);
  }
  throw new LogInterrupted(`${subject} is contended for, or was emptied a moment ago`);
}

async function currentTail(session: Session, series: CandleSeries): Promise<Tail | undefined> {
  const stored = await readTail(session, series);
  return stored && { timestamp: stored.entry.candle.timestamp, seq: stored.seq };
}

interface Fence {
  readonly subject: string;
  /** What must be the last message of the subject; undefined for none. */
  readonly tail: Tail | undefined;
}

/** Whether it is stored; if not, the series has gone on, or has the candle already, and is to be looked at again. */
async function publish(session: Session, entry: LogEntry, { subject, tail }: Fence): Promise<boolean> {
  try {
    const { seq, duplicate } = await session.js.publish(subject, encodeEntry(entry), {
      msgID: `${subject}.${entry.candle.timestamp}`,
      timeout: TIMEOUT_MS,
      expect: { lastSubjectSequence: tail?.seq ?? 0, streamName: session.stream },
    });
    if (!duplicate) session.tails.set(subject, { timestamp: entry.candle.timestamp, seq });
    return !duplicate;
  } catch (error) {
    session.tails.delete(subject);
    if (isFenced(error)) return false;
    if (hasNoResponder(error)) throw await whyNoResponder(session, error);
    throw error;
  }
}

/** A stream that is gone is said so; otherwise JetStream is only just starting. */
async function whyNoResponder({ jsm, stream }: Session, cause: unknown): Promise<unknown> {
  try {
    await jsm.streams.info(stream);
    return new LogInterrupted('JetStream is not ready', { cause });
  } catch (error) {
    return error;
  }
}
