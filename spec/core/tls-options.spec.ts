import { describe, expect, it } from 'vitest';
import { validateSettings } from '../../src/core/settings.ts';

const PEM = '-----BEGIN CERTIFICATE-----\n…';
const bytes = new TextEncoder().encode(PEM);

const problemsOf = (tls: unknown) => validateSettings({ tls }).problems;

describe('tls', () => {
  it.each([
    { ca: PEM },
    { ca: bytes },
    { ca: [PEM, bytes], cert: PEM, key: PEM, rejectUnauthorized: false },
    { key: [{ pem: PEM, passphrase: 'secret' }] },
    {},
  ])('takes %j', (tls) => {
    const { settings, problems } = validateSettings({ tls });
    expect(problems).toEqual([]);
    expect(settings).toEqual({ tls });
  });

  it('lists every problem, and repeats nothing that may be a key', () => {
    const problems = problemsOf({ ca: './secret.pem', cert: [], key: { pem: 'secret' }, rejectUnauthorized: 'no' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'tls.ca', 'tls.cert', 'tls.key', 'tls.rejectUnauthorized',
    ]); // prettier-ignore
    expect(problems[0]).toContain('PEM');
    expect(problems.join()).not.toContain('secret');
  });

  it('knows no other options', () => expect(problemsOf({ cA: PEM })[0]).toContain('did you mean ca?'));
});
