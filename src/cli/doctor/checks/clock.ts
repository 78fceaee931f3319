import type { TimeAnswer } from '../../../configuration.ts';
import type { Access } from '../access.ts';
import { failed, ok, skipped, warning, type Check, type Finding } from '../check.ts';

export const clock: Check<Access> = {
  id: 'clock',
  title: 'clock',
  needs: ['rest'],
  run: async ({ time }) => {
    const answer = await time();
    return answer.ok ? clockFinding(answer) : skipped('the exchange did not tell its time');
  },
};

/** Off by more than this is worth a word, ms. */
const NOTICEABLE_MS = 1000;
/** Off by more than this is wrong, ms: the age at which Binance refuses a signed request, unless it says otherwise (`recvWindow`). */
const WRONG_MS = 5000;

/** How far this machine's clock is from the exchange's: it told its time at some moment between question and answer. */
export function clockFinding({ time, stepMs, sentAt, receivedAt }: Extract<TimeAnswer, { ok: true }>): Finding {
  const aheadMs = Math.round((sentAt + receivedAt) / 2 - (time + (stepMs - 1) / 2));
  const doubtMs = Math.ceil((receivedAt - sentAt + stepMs) / 2);
  const measures = { aheadMs, doubtMs };
  const size = Math.abs(aheadMs);
  const found = `this machine is ${textOf(size)} ${aheadMs < 0 ? 'behind' : 'ahead of'} the exchange, ±${textOf(doubtMs)}`;
  if (size <= NOTICEABLE_MS + doubtMs) return ok(found, measures);
  const advice =
    'set this machine’s clock, by NTP (timedatectl set-ntp true); candles go by the exchange’s clock and are right all the same, log lines, signed requests and your own timers are not';
  return size <= WRONG_MS + doubtMs ? warning(found, advice, measures) : failed(found, advice, measures);
}

function textOf(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
