import { expect, it } from 'vitest';
import { filesIn, textOf } from './pages.ts';

/** Files without a spec of the same path, each with the reason. */
const WITHOUT_SPEC: Readonly<Record<string, string>> = {
  'src/core/settings.ts': 'types, and defaults that the spec of loadConfig covers',
};

/** True for a file that leaves nothing behind when compiled, or that only passes names on. */
function holdsNoCode(file: string): boolean {
  const statements = textOf(file).replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
  return !/^\s*(export )?(default |abstract |async )*(const|let|function|class|enum)\b/m.test(statements);
}

it('has a spec for every source file, under the same path', () => {
  const specs = filesIn('spec', '.spec.ts');
  const wanted = filesIn('src', '.ts').filter((file) => !holdsNoCode(file) && WITHOUT_SPEC[file] === undefined);
  const lacking = wanted.filter((file) => !specs.includes(file.replace(/^src\/(.*)\.ts$/, 'spec/$1.spec.ts')));
  expect(lacking).toEqual([]);
});

it('excuses no file that is gone', () => {
  const files = filesIn('src', '.ts');
  expect(Object.keys(WITHOUT_SPEC).filter((file) => !files.includes(file))).toEqual([]);
});
