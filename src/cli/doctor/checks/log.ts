import { catchError, firstValueFrom, of, timeout } from 'rxjs';
import { isFeedError, type Candle } from '../../../index.ts';
import type { SeriesPattern, StreamReport } from '../../../log/nats/index.ts';
import { counted } from '../../counted.ts';
import { sizeText } from '../../size.ts';
import { failed, ok, warning, type Check, type Finding } from '../check.ts';
import type { LogAccess, Reached, Tails } from '../log-access.ts';

const SAID = 'the message says what is wrong (docs/errors.md)';
const FEED_IT = 'start a feeder: rx-candles feed SYMBOL… --nats …';

export const logServer: Check<LogAccess> = {
  id: 'log-server',
  title: 'log server',
  run: async (access, { timeoutMs }) => {
    const startedAt = performance.now();
    try {
      const reached = await access.reach(timeoutMs);
      return serverFinding(reached, Math.round(performance.now() - startedAt));
    } catch (error) {
      return failed(textOf(error), isFeedError(error) ? SAID : NOBODY);
    }
  },
};

const NOBODY = 'is nats-server running there, and does a firewall let this machine through?';

export function serverFinding(reached: Reached, connectMs: number): Finding {
  if (reached.state === 'waiting') return failed(reached.reason, NOBODY, { reason: reached.reason });
  return ok(`${reached.server}, after ${connectMs} ms`, { server: reached.server, connectMs });
}

export const logStream: Check<LogAccess> = {
  id: 'log-stream',
  title: 'stream',
  needs: ['log-server'],
  run: async (access) => {
    try {
      await access.tails(); // a stream that is not there would be made by what follows
      return streamFinding(await access.log.ensureStream());
    } catch (error) {
      return failed(textOf(error), adviceFor(error));
    }
  },
};

function adviceFor(error: unknown): string {
  const reason = isFeedError(error) && 'reason' in error ? error.reason : undefined;
  if (reason === 'no stream') return `${FEED_IT}, which makes it`;
  return reason === 'wrong rules' ? 'docs/log.md says which rules a stream must have' : SAID;
}

export function streamFinding({ stream, server, keep, replicas, messages, bytes }: StreamReport): Finding {
  const kept = keep === 'all' ? 'keeps all' : `keeps the last ${keep.toLocaleString('en-US')} of each series`;
  const size = `${counted(messages, 'candle')}, ${sizeText(bytes)}`;
  const copies = replicas === 1 ? 'one copy' : `${replicas} copies`;
  return ok(`${stream} on nats-server ${server}: ${size}, ${kept}, ${copies}`, { stream, version: server, keep, replicas, messages, bytes }); // prettier-ignore
}

export const logSeries: Check<LogAccess> = {
  id: 'log-series',
  title: 'series',
  needs: ['log-stream'],
  run: async (access) => seriesFinding(await access.tails(), Date.now()),
};

/** A series is fed if its last candle closed so many of its lengths ago, or fewer. */
const FRESH_LENGTHS = 2;

/** @param now - by this machine's clock, ms UTC */
export function seriesFinding(tails: readonly Tails[], now: number): Finding {
  const candles = tails.flatMap(({ candles }) => candles);
  const newestCloseTime = candles.length === 0 ? null : Math.max(...candles.map(({ closeTime }) => closeTime));
  const lacking = tails.filter(({ candles }) => candles.length === 0).map(({ pattern }) => nameOf(pattern));
  const measures = { series: candles.length, newestCloseTime };
  if (newestCloseTime === null || lacking.length > 0)
    return failed(`the log has nothing of ${lacking.join(', ')}`, FEED_IT, measures);
  const found = `${candles.length} series, the newest candle closed ${ageOf(now - newestCloseTime)} ago`;
  const stale = candles.filter((candle) => isStale(candle, now)).map(({ symbol, interval }) => `${symbol} ${interval}`);
  if (stale.length === 0) return ok(found, { ...measures, stale: [] });
  const behind = `${found}; without a candle for longer than ${FRESH_LENGTHS} of theirs: ${stale.slice(0, MOST_NAMED).join(', ')}`;
  const more = stale.length > MOST_NAMED ? ` and ${stale.length - MOST_NAMED} more` : '';
  return warning(`${behind}${more}`, `${FEED_IT}; or they do not trade`, { ...measures, stale });
}

const MOST_NAMED = 3;

function isStale({ timestamp, closeTime }: Candle, now: number): boolean {
  return now - closeTime > FRESH_LENGTHS * (closeTime + 1 - timestamp);
}

function nameOf({ venue, symbol }: SeriesPattern): string {
  return [venue, symbol ?? 'any series'].filter((part) => part !== undefined).join(' ');
}

/** `12 s`, `5 min`, `7 h`, `3 days`. */
function ageOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** A close of a minute, and what it may be late. */
const LONGEST_WAIT_MS = 75_000;

export const logLive: Check<LogAccess> = {
  id: 'log-live',
  title: 'candle comes',
  needs: ['log-series'],
  isSlow: true,
  run: async (access, { tell }) => {
    tell('the next candle to be stored');
    const next$ = access.news$().pipe(
      timeout(LONGEST_WAIT_MS),
      catchError((error: unknown) => {
        if (isFeedError(error)) throw error;
        return of(undefined);
      }),
    );
    return liveFinding(await firstValueFrom(next$, { defaultValue: undefined }), Date.now());
  },
};

/** @param now - when it came, by this machine's clock, ms UTC */
export function liveFinding(candle: Candle | undefined, now: number): Finding {
  if (candle === undefined) {
    const found = `nothing was stored for ${LONGEST_WAIT_MS / 1000} s`;
    return warning(found, `wait for the next close, or ${FEED_IT}`, { lagMs: null });
  }
  const { symbol, interval, closeTime } = candle;
  const lagMs = now - closeTime - 1;
  return ok(`${symbol} ${interval}, ${lagMs} ms after its end by this machine's clock`, { symbol, interval, lagMs });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
