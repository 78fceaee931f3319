import { describe, expect, it } from 'vitest';
import { SeriesLife } from '../../../src/feed/series/series-life.ts';
import type { SymbolList, Verdict } from '../../../src/feed/rest/symbol-list.ts';
import { listed } from '../../support/fake-market.ts';

const UNSURE: Verdict = { kind: 'not known yet' };
const UNLISTED: Verdict = { kind: 'unlisted' };
const TRADING: Verdict = { kind: 'listed', info: listed('BTCUSDT') };
const HALTED: Verdict = { kind: 'listed', info: listed('BTCUSDT', { status: 'HALT', phase: 'paused' }) };
const SETTLING: Verdict = {
  kind: 'listed',
  info: listed('BTCUSDT', { status: 'SETTLING', phase: 'ended', deliveryTime: 4711 }),
};

/** What the listener is told while the list says this, one verdict after another. */
function story(verdicts: readonly Verdict[], isFailing = false): readonly unknown[] {
  const told: unknown[] = [];
  const say = (what: string) => () => told.push(what);
  const left = [...verdicts];
  const list: Pick<SymbolList, 'verdictOn' | 'isFailing'> = { verdictOn: () => left.shift() ?? UNSURE, isFailing };
  const life = new SeriesLife('BTCUSDT', list as SymbolList, {
    onPastReadable: say('readable'),
    onUnknown: say('unknown'),
    onEnded: (end) => told.push(end),
  });
  for (const _ of verdicts) life.check(0);
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
});
