import { describe, expect, it } from 'vitest';
import { table } from '../../src/cli/table.ts';
import { candle } from '../support/candle.ts';

const first = candle(1);

describe('table', () => {
  it('aligns its columns under their titles', () => {
    const { head, line } = table(() => 120);
    const row = line(first);
    expect(head).toBe(
      'open time (UTC)      symbol    length        open        high         low       close        volume  trades  source\n',
    );
    expect(row).toBe(
      '1970-01-01 00:01:00  BTCUSDT   1m             101         103         100         102            10       7  stream\n',
    );
  });

  it.each([
    [0, 'open time (UTC) symbol length open high low close volume trades source'],
    [undefined, 'open time (UTC) symbol length open high low close volume trades source'],
    [118, 'open time (UTC) symbol length open high low close volume trades source'],
    [110, 'open time (UTC) symbol length open high low close volume source'],
    [60, 'open time (UTC) symbol length close'],
    [45, 'open time (UTC) symbol close'],
    [30, 'symbol close'],
    [1, 'symbol close'],
  ])('shows at a width of %s what fits: %s', (width, titles) => {
    const { head, line } = table(() => width);
    expect(head.trim().replaceAll(/ +/g, ' ')).toBe(titles);
    if (width !== undefined && width > 20) expect(line(first).length).toBeLessThanOrEqual(width + 1);
  });

  it('follows the width of the terminal, with a new head', () => {
    let width = 200;
    const { line } = table(() => width);
    expect(line(first).split('\n')).toHaveLength(2);
    width = 44;
    const narrow = line(first).split('\n');
    expect(narrow.map((row) => row.trim().split(/ {2,}/))).toEqual([
      ['open time (UTC)', 'symbol', 'close'],
      ['1970-01-01 00:01:00', 'BTCUSDT', '102'],
      [''],
    ]);
    expect(line(first).split('\n')).toHaveLength(2);
  });

  it('widens a column for good, so that the rows below stay aligned', () => {
    const { line } = table(() => 200);
    const long = line(candle(1, { symbol: '1000000MOGUSDT', close: 0.000_000_123_456 }));
    const short = line(first);
    expect(long).toContain('0.000000123456');
    expect(short.indexOf(' 102')).toBe(long.indexOf('0.000000123456') + 10);
    expect(short.indexOf('1m')).toBe(long.indexOf('1m'));
  });

  it('shows a dash for what the exchange does not tell', () => {
    expect(table(() => 200).line(candle(1, { trades: null }))).toContain('–  stream');
  });

  it('gives a wide character two columns', () => {
    const { line } = table(() => 200);
    const wide = line(candle(1, { symbol: '币安人生USDT' }));
    const next = line(first);
    // Four characters of two columns each: the row is four characters shorter where it is as wide.
    expect(wide.indexOf('1m')).toBe(next.indexOf('1m') - 4);
    expect(wide).toMatch(/^1970-01-01 00:01:00 {2}币安人生USDT {2}1m /);
    expect(next).toMatch(/^1970-01-01 00:01:00 {2}BTCUSDT {5} {2}1m /);
  });

  it('counts wide characters where the terminal is narrow', () => {
    const { line } = table(() => 30);
    expect(line(candle(1, { symbol: '币安人生USDT' }))).toBe('币安人生USDT         102\n');
  });
});
