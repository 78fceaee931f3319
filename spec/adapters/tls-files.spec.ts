import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readConfigFile } from '../../src/adapters/config-file.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n';
const folder = mkdtempSync(join(tmpdir(), 'rx-candles-tls-'));
writeFileSync(join(folder, 'ca.pem'), PEM);
writeFileSync(join(folder, 'empty.pem'), '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => readConfigFile({ name: 'config.yaml', path: join(folder, 'config.yaml'), text });

it('are read from beside the configuration file', async () => {
  const { settings, complaints } = await read(
    `tls: { ca: [ca.pem, ./ca.pem], cert: ${join(folder, 'ca.pem')}, rejectUnauthorized: true }`,
  );
  expect(complaints).toEqual([]);
  expect(settings.tls).toEqual({ ca: [PEM, PEM], cert: PEM, rejectUnauthorized: true });
});

it('may stand there themselves', async () => {
  const { settings } = await read(`tls:\n  ca: |\n    ${PEM.replaceAll('\n', '\n    ')}`);
  expect(settings.tls).toEqual({ ca: PEM });
});

it('that cannot be used are each told once, with the key', async () => {
  const { complaints, settings } = await read(
    'rxCandles: { tls: { ca: [gone.pem, ca.pem], cert: empty.pem, key: 1 } }',
  );
  expect(complaints.map(({ kind, about }) => `${kind}: ${about}`).sort()).toEqual([
    'bad: rxCandles.tls.ca: "gone.pem" cannot be read (ENOENT)',
    expect.stringMatching(/^bad: rxCandles\.tls\.cert: must be PEM .* path of such a file, got an empty string$/),
    expect.stringMatching(/^bad: rxCandles\.tls\.key: must be PEM .*, got a number$/),
  ]);
  expect(settings.tls).toEqual({});
});

it.each(['tls: 1', 'tls: [a]'])('need a mapping: %s', async (text) => {
  expect((await read(text)).complaints[0]?.about).toMatch(/^tls: must be an object with ca, cert, key, /);
});
