import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { fakeTerminal } from '../support/terminal.ts';

async function runWith(...args: string[]) {
  const { terminal, out, err } = fakeTerminal();
  const code = await run(args, terminal);
  return { code, out: out(), err: err() };
}

describe('rx-candles', () => {
  it('shows its help and its version on stdout', async () => {
    const help = await runWith('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/Commands:\n +watch .*\n[^]* +demo /);
    expect(await runWith('--version')).toEqual({ code: 0, out: '0.2.0\n', err: '' });
    expect(await runWith('-v')).toEqual(await runWith('--version'));
  });

  it.each([
    'watch',
    'history',
    'record',
    'replay',
    'store',
    'feed',
    'chart',
    'symbols',
    'doctor',
    'demo',
    'completion',
  ])('explains %s, with examples', async (command) => {
    const { code, out, err } = await runWith(command, '--help');
    expect([code, err]).toEqual([0, '']);
    expect(out.startsWith(`rx-candles ${command} `)).toBe(true);
    expect(out).toMatch(/\nExamples:\n {2}[^]*rx-candles /);
    expect(await runWith('help', command)).toEqual({ code, out, err });
  });

  it('says in a help what must be given, and each default once', async () => {
    const helpOf = async (command: string) =>
      (await runWith(...command.split(' '), '--help')).out.replaceAll(/\s+/g, ' ');
    expect(await helpOf('history')).toMatch(/--from [^]* \(required\) --to [^]* --out [^]* \(required\) --proxy/);
    expect(await helpOf('store import')).toMatch(/--venue [^-]* \(required\) --symbol/);
    expect(await helpOf('doctor')).toContain('may wait (default: 15) --json');
    expect(await helpOf('chart')).toContain('is served (default: any free port) --open');
  });

  it('shows its help on stderr when told nothing', async () => {
    const { code, out, err } = await runWith();
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^rx-candles \[options\] \[command\]\n/);
  });

  it.each([
    [['wach'], "unknown command 'wach' (Did you mean watch?)"],
    [['watch'], "missing required argument 'symbols'"],
    [['watch', 'BTCUSDT', '--interval', '7m'], '"7m" is not one of 1s 1m'],
    [['watch', 'BTCUSDT', '--interval', '1H'], 'did you mean 1h?'],
    [['watch', 'BTCUSDT', '--intervall', '1m'], "unknown option '--intervall' (Did you mean --interval?)"],
    [['watch', 'BTCUSDT', '--count', '0'], 'at least 1'],
    [['watch', 'BTCUSDT', '--since', 'yesterday'], 'write a time as 2026-01-31'],
    [['watch', 'BTCUSDT', '--since', '20261125'], 'write a date as 2026-11-25'],
    [['watch', 'BTCUSDT', '--since', '1764072000'], 'looks like seconds'],
    [['watch', 'BTCUSDT', '--json', '--csv'], 'cannot be used with'],
    [['watch', 'BTCUSDT', '--venue', 'binance'], 'Allowed choices are binance-usdm'],
    [['watch', 'BTCUSDT', '--stream-url', 'https://host'], 'starting with ws:// or wss://'],
    [['watch', 'BTCUSDT', '--rest-url', 'host'], 'starting with http:// or https://'],
    [['watch', 'BTCUSDT', '--proxy', 'bot:secret@host:1'], 'must be an http://, https:// or socks5:// URL'],
    [['watch', 'BTCUSDT', '--log-level', 'loud'], 'Allowed choices are trace'],
    [['watch', ''], 'a symbol must not be empty'],
    [['watch', 'BTCUSDT', '--venue', 'binance-sopt'], '(Did you mean binance-spot?)'],
    [['doctor', '--timeout', '0'], 'a number of seconds above 0'],
    [['history', 'BTCUSDT', '--out', 'a.csv'], "required option '--from <time>' not specified"],
    [
      ['history', 'BTCUSDT', '--from', '2026-01-01', '--out', 'a.xls'],
      'must end with one of .csv, .ndjson, .db, .parquet',
    ],
    [
      ['history', 'BTCUSDT', '--from', '2026-01-02', '--to', '2026-01-02', '--out', 'a.csv'],
      '--from must be before --to',
    ],
    [['symbols', 'a', 'b'], 'too many arguments'],
    [['demo', 'now'], 'too many arguments'],
    [['demo', '--count', 'x'], 'at least 1'],
  ])('takes %j for wrong usage, and says why in one line', async (args, why) => {
    const { code, out, err } = await runWith(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^rx-candles: [^\n]+ \(see --help\)\n$/);
    expect(err).toContain(why);
    expect(err).not.toContain('secret');
  });

  it('fails with one line when its settings cannot be used', async () => {
    const { code, out, err } = await runWith('watch', 'BTCUSDT', '--config', 'no-such-file.yaml');
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: 'rx-candles: bad option: no-such-file.yaml: no such file\n',
    });
  });

  it('shows where an error comes from only when asked', async () => {
    const args = ['watch', 'BTCUSDT', '--config', 'no-such-file.yaml'];
    expect((await runWith(...args)).err).not.toContain('    at ');
    const { code, err } = await runWith(...args, '--debug');
    expect(code).toBe(1);
    expect(err).toMatch(/^rx-candles: bad option: [^\n]*\nConfigError: [^]*\n {4}at /);
  });
});
