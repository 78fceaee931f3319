import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
/** What a user has beside the package. */
const BESIDE = ['rxjs', 'tslib', '@types', 'undici-types'];
const BUILD_MS = 300_000;

let folder: string;

/** The package's declarations as they would be installed, beside nothing but what a user has. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rx-candles-types-'));
  const home = join(folder, 'node_modules/rx-candles');
  mkdirSync(home, { recursive: true });
  for (const name of BESIDE) symlinkSync(join(projectRoot, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(home, 'package.json'), readFileSync(join(projectRoot, 'package.json')));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of ['main.ts', 'nats.ts', 'store.ts', 'testing.ts'])
    cpSync(join(projectRoot, 'spec/compilers', name), join(folder, name));
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '-p', join(projectRoot, 'spec/tsconfig.build.json'), '--outDir', join(home, 'dist')];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the declarations could not be built: ${stdout}`);
}, BUILD_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function complaintsOf(files: readonly string[], options: ts.CompilerOptions): readonly string[] {
  const strictest = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true };
  const host = ts.createCompilerHost({});
  host.getCurrentDirectory = () => folder;
  const target = { target: ts.ScriptTarget.ES2022, ignoreDeprecations: '6.0' };
  const names = files.map((file) => join(folder, file));
  const program = ts.createProgram(names, { ...strictest, ...target, ...options }, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const ES2022 = ['lib.es2022.d.ts'];
const BROWSER = [...ES2022, 'lib.dom.d.ts'];
const { ESNext, NodeNext } = ts.ModuleKind;
// eslint-disable-next-line @typescript-eslint/no-deprecated -- `moduleResolution: node`, which many programs still have
const { Node10, Bundler, NodeNext: ByPackage } = ts.ModuleResolutionKind;

it.each<[string, readonly string[], ts.CompilerOptions]>([
  ['moduleResolution node', ['main.ts', 'testing.ts'], { lib: ES2022, types: ['node'], module: ESNext, moduleResolution: Node10 }],
  ['nodenext', ['main.ts', 'testing.ts'], { lib: ES2022, types: ['node'], module: NodeNext, moduleResolution: ByPackage }],
  ['nodenext, the log alone', ['nats.ts'], { lib: ES2022, types: ['node'], module: NodeNext, moduleResolution: ByPackage }],
  ['nodenext, the store alone', ['store.ts'], { lib: ES2022, types: ['node'], module: NodeNext, moduleResolution: ByPackage }],
  ['a bundler, without types of Node', ['main.ts'], { lib: BROWSER, types: [], module: ESNext, moduleResolution: Bundler }],
])('a strict program compiles without skipLibCheck on ES2022 by %s', (_, files, options) => {
  expect(complaintsOf(files, options)).toEqual([]);
}, BUILD_MS); // prettier-ignore

it('every entry is found by moduleResolution node, which looks at no exports', () => {
  interface Entry {
    readonly types: string;
    readonly default: string;
  }
  const { main, types, typesVersions, exports } = JSON.parse(
    readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  ) as {
    main: string;
    types: string;
    typesVersions: { '*': Record<string, string[]> };
    exports: Record<string, Entry>;
  };
  const { '.': front, ...others } = exports;
  expect({ types, default: main }).toEqual(front);
  const expected = Object.entries(others).map(([path, entry]) => [path.slice(2), [entry.types]]);
  expect(typesVersions['*']).toEqual(Object.fromEntries(expected));
});

it('would notice if declarations were not found, or asked for more than ES2022', () => {
  writeFileSync(join(folder, 'wrong.ts'), "import 'rx-candles/nowhere';\nexport const last = [1].findLast(Boolean);\n");
  const options = {
    lib: ES2022,
    types: [],
    module: ESNext,
    moduleResolution: Node10,
    noUncheckedSideEffectImports: true,
  };
  expect(complaintsOf(['wrong.ts'], options)).toEqual([
    expect.stringContaining("'rx-candles/nowhere'") as string,
    expect.stringContaining("'findLast' does not exist") as string,
  ]);
});
