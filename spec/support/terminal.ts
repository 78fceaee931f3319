import { Subject } from 'rxjs';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Terminal } from '../../src/cli/terminal.ts';

/** A terminal that remembers, and whose user is the spec. */
export function fakeTerminal({ isTTY = false, columns = 200 } = {}) {
  const [out, err] = [remembering(), remembering()];
  const stop$ = new Subject<void>();
  const gone$ = new Subject<void>();
  const terminal: Terminal = { out: Object.assign(out.stream, { isTTY, columns }), err: err.stream, stop$, gone$ };
  return {
    ...{ terminal, stop$, gone$ },
    out: out.text,
    /** The same without colours and movements of the cursor. */
    plain: () => stripVTControlCharacters(out.text()),
    err: err.text,
    lines: () => out.text().split('\n').slice(0, -1),
  };
}

function remembering() {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream, text: () => text };
}
