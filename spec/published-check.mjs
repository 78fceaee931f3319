/** What publint and attw have to say of the packed package, and how much a user installs with it. */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { strict as assert } from 'node:assert';
import { readFileSync, statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { emptyFolder, manifest, pack, unpackInto } from './support/packed.mjs';

/** attw: `require` gets an ES module. That is meant: Node, TypeScript and bundlers take it, and there is no second copy. */
const MEANT = 'CJSResolvesToESM';
const LARGEST_BYTES = 8_000_000;

const tarball = pack();
const bytes = readFileSync(tarball);

const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
assert.deepEqual(
  messages.map((message) => formatMessage(message, pkg)),
  [],
  'publint',
);

const { problems } = await checkPackage(createPackageFromTarballData(bytes));
assert.deepEqual(
  problems.filter(({ kind }) => kind !== MEANT),
  [],
  'attw',
);

const folder = emptyFolder('published');
unpackInto(folder, tarball);
const home = join(folder, 'node_modules', manifest.name);
const files = readdirSync(home, { recursive: true }).map((file) => statSync(join(home, file)));
const size = files.filter((file) => file.isFile()).reduce((sum, file) => sum + file.size, 0);
assert.ok(size <= LARGEST_BYTES, `${size} bytes`);
assert.equal(manifest.dependencies, undefined, 'dist includes them: they belong into devDependencies');
const ofInstall = Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name));
assert.deepEqual(ofInstall, [], 'scripts of an install');

console.log(`publint and attw find nothing wrong; an install is ${(size / 1e6).toFixed(1)} MB, and rxjs`);
