import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { SymbolStatusMonitor, type SymbolStatusListener } from '../../../src/feed/series/symbol-status-monitor.ts';
import type { SymbolList, Verdict } from '../../../src/feed/rest/symbol-list.ts';
import { listed } from '../../support/fake-market.ts';

const UNSURE: Verdict = { kind: 'not known yet' };
const UNLISTED: Verdict = { kind: 'unlisted' };
const TRADING: Verdict = { kind: 'listed', info: listed('BTCUSDT') };
const HALTED: Verdict = { kind: 'listed', info: listed('BTCUSDT', { status: 'HALT', phase: 'paused' }) };
const BREAK: Verdict = { kind: 'listed', info: listed('BTCUSDT', { status: 'BREAK', phase: 'paused or ended' }) };
const SETTLING: Verdict = {
  kind: 'listed',
  info: listed('BTCUSDT', { status: 'SETTLING', phase: 'ended', deliveryTime: 4711 }),
};

const DAY = 86_400_000;
const NOW = 1000 * DAY;

/** What the listener is told while the list says this, one verdict a day; the last candle closed so many days ago at first. */
function story(verdicts: readonly Verdict[], isFailing = false, closedDaysAgo = 0): readonly unknown[] {
  const told: unknown[] = [];
  const say = (what: string) => () => told.push(what);
  const left = [...verdicts];
  const list: Pick<SymbolList, 'verdictOn' | 'isFailing'> = { verdictOn: () => left.shift() ?? UNSURE, isFailing };
  let now = NOW;
  const monitor = new SymbolStatusMonitor({
    symbols: list as SymbolList,
    longestPauseMs: 7 * DAY,
    exchangeNow: () => now,
    lastCloseSince$: (_, since) => {
      told.push(`asked since day ${String((since - NOW) / DAY)}`);
      return of(NOW - closedDaysAgo * DAY);
    },
  });
  const listener: SymbolStatusListener = {
    symbol: 'BTCUSDT',
    symbolPhase: 'unsure',
    onPastReadable: say('readable'),
    onUnknown: say('unknown'),
    onEnded: (end) => told.push(end),
    onBug: (bug) => expect.fail(String(bug)),
  };
  for (const _ of verdicts) {
    monitor.check(listener, 0);
    now += DAY;
  }
  return told;
}

const ended = (status: string, deliveryTime: number | null, wasTrading: boolean) => ({
  status,
  deliveryTime,
  wasTrading,
});

describe('a symbol', () => {
  it.each<[string, readonly Verdict[], readonly unknown[]]>([
    ['that trades is said to, once', [TRADING, TRADING, TRADING], ['readable']],
    ['that is halted goes on: it may come back', [HALTED, TRADING], ['readable']],
    ['that is halted later goes on too', [TRADING, HALTED, TRADING], ['readable']],
    ['of which nothing is known yet is waited for', [UNSURE, UNSURE, TRADING], ['readable']],
    ['that was never listed is unknown', [UNSURE, UNLISTED], ['unknown']],
    ['that had ended before has no last candle to wait for', [SETTLING], [ended('SETTLING', 4711, false)]],
    ['that ends while we watch does so once', [TRADING, SETTLING, SETTLING], ['readable', ended('SETTLING', 4711, true)]],
    ['that leaves the list while we watch has ended', [TRADING, UNLISTED, UNLISTED], ['readable', ended('delisted', null, true)]],
    ['that has ended stays so, whatever the list says', [TRADING, SETTLING, TRADING, UNLISTED], ['readable', ended('SETTLING', 4711, true)]],
  ])('%s', (_, verdicts, expected) => {
    expect(story(verdicts)).toEqual(expected);
  }); // prettier-ignore

  it('is taken on trust while the list cannot be read, and checked later', () => {
    expect(story([UNSURE, TRADING], true)).toEqual(['readable', 'readable']);
    expect(story([UNSURE, UNLISTED], true)).toEqual(['readable', 'unknown']);
  });

  it('that may be paused or have ended is judged by its last candle', () => {
    const asked = 'asked since day -7';
    expect(story([BREAK, BREAK], false, 6.9)).toEqual([
      asked,
      'readable',
      'asked since day -6',
      ended('BREAK', null, true),
    ]);
    expect(story([BREAK], false, 7.1)).toEqual([asked, ended('BREAK', null, false)]);
    expect(story([BREAK, BREAK], false, Infinity)).toEqual([asked, 'readable']);
  });

  it('that may be paused is judged again when its last candle has become old, and not before', () => {
    const fourDaysLater = [BREAK, BREAK, BREAK, BREAK, BREAK];
    const end = ended('BREAK', null, true);
    expect(story(fourDaysLater, false, 3.5)).toEqual(['asked since day -7', 'readable', 'asked since day -3', end]);
    expect(story([TRADING, BREAK, TRADING, BREAK], false, 1)).toEqual([
      'readable',
      'asked since day -6',
      'asked since day -4',
    ]);
  });
});
