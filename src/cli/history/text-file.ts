import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Candle } from '../../index.ts';
import { ForeignFileError, type CandleFile, type HeldSeries } from './candle-file.ts';
import { Held } from './held.ts';
import type { LineFormat } from './line-reader.ts';

const LINE_BREAK = 0x0a;

/**
 * Opens a file of lines, or one that will be made with the first candle.
 *
 * A file that was cut off, even within a line, is only ever continued: what is appended has to begin with the bytes that
 * stand behind the last whole line, so that the file ends up as an uninterrupted run would have left it.
 *
 * @throws ForeignFileError for a file that this command did not write
 */
export async function openTextFile(path: string, format: LineFormat): Promise<CandleFile> {
  const held = new Held();
  const head = format.head.trimEnd();
  let number = 0;
  const rest = await eachLine(path, (line) => {
    number += 1;
    if (number === 1 && head !== '') return line === head || refuse(path, number);
    const candle = format.read(line);
    return (candle !== undefined && held.take(candle)) || refuse(path, number);
  });
  return new TextFile(path, { format, held: held.series, rest, isEmpty: number === 0 });
}

function refuse(path: string, line: number): never {
  throw new ForeignFileError(path, `its line ${line} was not written by this command`);
}

/** @returns the bytes behind the last line break */
async function eachLine(path: string, take: (line: string) => void): Promise<Buffer> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(LINE_BREAK) + 1;
      rest = bytes.subarray(end);
      if (end > 0) bytes.toString('utf8', 0, end - 1).split('\n').forEach(take); // prettier-ignore
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return rest;
}

interface Found {
  readonly format: LineFormat;
  readonly held: readonly HeldSeries[];
  readonly rest: Buffer;
  /** Not even the head is whole. */
  readonly isEmpty: boolean;
}

class TextFile implements CandleFile {
  readonly held: readonly HeldSeries[];
  readonly canResume = true;
  readonly #path: string;
  readonly #format: LineFormat;
  /** What is in the file behind the last whole line, and has not been matched yet. */
  #rest: Buffer;
  #head: string;
  #handle: FileHandle | undefined;

  constructor(path: string, { format, held, rest, isEmpty }: Found) {
    this.#path = path;
    this.#format = format;
    this.held = held;
    this.#rest = rest;
    this.#head = isEmpty ? format.head : '';
  }

  async append(candles: readonly Candle[]): Promise<void> {
    const text = this.#head + candles.map((candle) => this.#format.line(candle)).join('');
    this.#head = '';
    const bytes = this.#behindRest(Buffer.from(text));
    if (bytes.length === 0) return;
    this.#handle ??= await open(this.#path, 'a');
    await this.#handle.appendFile(bytes);
  }

  async finish(): Promise<void> {
    await this.append([]);
    if (this.#rest.length > 0) this.#refuseRest();
    await this.#handle?.sync();
    await this.stop();
  }

  async stop(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  #behindRest(bytes: Buffer): Buffer {
    const common = Math.min(this.#rest.length, bytes.length);
    if (!this.#rest.subarray(0, common).equals(bytes.subarray(0, common))) this.#refuseRest();
    this.#rest = this.#rest.subarray(common);
    return bytes.subarray(common);
  }

  #refuseRest(): never {
    throw new ForeignFileError(this.#path, 'its last line is not the beginning of the candle that belongs there');
  }
}
