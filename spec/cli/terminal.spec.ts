import { lastValueFrom } from 'rxjs';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { write$ } from '../../src/cli/terminal.ts';

/** Signals, closed pipes and the process's own streams are shown by spec/cli/cli.spec.ts, in processes of their own. */
describe('write$', () => {
  const written = (out: PassThrough, text: string) => lastValueFrom(write$(out, text), { defaultValue: 'done' });

  it('completes at once while the stream takes more', async () => {
    const out = new PassThrough();
    expect(await written(out, 'text')).toBe('done');
    expect(String(out.read())).toBe('text');
  });

  it('waits until a full stream has drained', async () => {
    const out = new PassThrough({ highWaterMark: 1 });
    let isDone = false;
    const done = written(out, 'text').then(() => (isDone = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    out.resume();
    expect(await done).toBe(true);
    expect(out.listenerCount('drain')).toBe(0);
  });

  it('writes nothing that is empty', async () => {
    const out = new PassThrough();
    expect(await written(out, '')).toBe('done');
    expect(out.readableLength).toBe(0);
  });
});
