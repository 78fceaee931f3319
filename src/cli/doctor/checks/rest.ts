import { VENUE_IDS, type TimeAnswer } from '../../../configuration.ts';
import type { Access } from '../access.ts';
import { failed, ok, skipped, warning, type Check, type Finding } from '../check.ts';
import { proxyAdvice } from '../probes/connection.ts';

type Refusal = Extract<TimeAnswer, { readonly ok: false }>;
type TimeTold = Extract<TimeAnswer, { readonly ok: true }>;

export const rest: Check<Access> = {
  id: 'rest',
  title: 'REST answers',
  needs: ['rest-tls'],
  run: async ({ time }) => restFinding(await time()),
};

export function restFinding(answer: TimeAnswer): Finding {
  if (!answer.ok) return failed(answer.message, restAdvice(answer), { status: answer.status, reason: answer.reason });
  const answeredMs = answer.receivedAt - answer.sentAt;
  return ok(`its time, after ${answeredMs} ms`, { answeredMs });
}

const ADVICE: Readonly<Record<Refusal['reason'], string>> = {
  'geo-blocked': 'see geo-block below',
  'rate limited': 'see rate limits below',
  banned: 'see rate limits below',
  network: 'check this machine’s network connection, and whether something on the way cuts it',
  proxy: '',
  certificate: 'see docs/errors.md, Proxies and certificates',
  timeout: 'the network or the exchange is slow: try again, or raise restTimeoutMs',
  server: 'the exchange has trouble of its own: look at its status page, and try again',
  refused: 'check --rest-url, endpoints.rest and --venue: this host knows the request not at all, or not like this',
  malformed: 'what answers there is not this exchange: check --rest-url, endpoints.rest and --venue; a login page of the network looks like this too', // prettier-ignore
};

function restAdvice({ reason, message }: Refusal): string {
  return reason === 'proxy' ? proxyAdvice(message) : ADVICE[reason];
}

export const rateLimits: Check<Access> = {
  id: 'rate-limits',
  title: 'rate limits',
  needs: [['rest-tls', 'stream-tls']],
  run: async ({ settings, answered }) => {
    const { venue = VENUE_IDS[0] } = (await settings()).feed;
    return limitsFinding(venue, answered);
  },
};

/** More than this much of a limit is worth a word. */
const MUCH = 0.8;
const LIMITED: readonly number[] = [403, 418, 429];
const GEO_BLOCKED = 451;

/** Whether the exchange holds this address back, and how much it has left. */
export function limitsFinding(venue: string, { time, handshake }: Access['answered']): Finding {
  if (isLimited(time)) return heldBack('REST', time);
  if (handshake?.ok === false && LIMITED.includes(handshake.status)) return heldBack('the stream', handshake);
  return time?.ok === true ? usageFinding(venue, time) : skipped('no answer to tell by');
}

/** By the reason: a 403 of REST may be a geo-block as well, and the venue's protocol knows which. */
function isLimited(time: TimeAnswer | undefined): time is Refusal {
  return time?.ok === false && (time.reason === 'rate limited' || time.reason === 'banned');
}

function heldBack(who: string, { status, message, retryAfterMs }: Omit<Refusal, 'reason'>): Finding {
  const pause = retryAfterMs === undefined ? '' : `; wait ${Math.ceil(retryAfterMs / 1000)} s`;
  const measures = { status, retryAfterMs: retryAfterMs ?? null };
  return failed(`${who}: ${message}${pause}`, limitAdvice(status), measures);
}

function limitAdvice(status: number): string {
  if (status === 429) return 'wait, then ask less: everything at this IP address shares the limit, other programs too';
  if (status === 418) return 'this IP address is banned: stop every program there that asks, or the ban becomes longer';
  if (status === 403) {
    return 'a firewall of the exchange holds this IP address back, mostly after too many requests: stop every program there that asks, and wait (Bybit: ten minutes)';
  }
  return 'this IP address has asked too much: wait, and ask less';
}

function usageFinding(venue: string, { usage, limits }: TimeTold): Finding {
  const [used] = Object.entries(usage);
  if (used === undefined) return ok(`not held back; ${venue} does not tell what is used`, { used: null, limit: null });
  const [name, amount] = used;
  const limit = limits.find((one) => one.name === name);
  if (limit === undefined) return ok(`${amount} ${name} used; the limit of this host is not documented`, { used: amount, limit: null }); // prettier-ignore
  const found = `${amount} of ${limit.limit} ${name} used in ${limit.windowMs / 1000} s, ${limit.limit - amount} left`;
  const measures = { used: amount, limit: limit.limit, windowMs: limit.windowMs };
  if (amount <= MUCH * limit.limit) return ok(found, measures);
  return warning(found, 'something at this IP address asks a lot: find it before the exchange holds it back', measures);
}

export const geoBlock: Check<Access> = {
  id: 'geo-block',
  title: 'geo-block',
  needs: [['rest-tls', 'stream-tls']],
  run: ({ answered }) => geoFinding(answered),
};

/** Whether the exchange refuses the location of this address. */
export function geoFinding(answered: Access['answered']): Finding {
  const blocked = blockedIn(answered);
  if (blocked.length > 0) {
    return failed(
      `this location is refused by ${blocked.join(' and ')}`,
      'asking again from this IP address is useless: run from a location that the exchange serves; Binance spot has hosts of public market data (docs/protocol.md, Hosts)',
      { blocked },
    );
  }
  const isAnswered = [answered.time, answered.handshake].some((answer) => answer?.ok === true);
  return isAnswered ? ok('this location is served', { blocked }) : skipped('no answer to tell by');
}

function blockedIn({ time, handshake }: Access['answered']): readonly string[] {
  return [
    ...(time?.ok === false && time.reason === 'geo-blocked' ? [`REST (HTTP ${time.status})`] : []),
    ...(handshake?.ok === false && handshake.status === GEO_BLOCKED ? ['the stream (HTTP 451)'] : []),
  ];
}
