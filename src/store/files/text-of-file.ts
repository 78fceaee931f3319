import { createReadStream } from 'node:fs';
// Its entry for Node asks for worker threads, which are not needed, in a way that no bundler understands.
import { Unzip, UnzipInflate } from 'fflate/browser';

/** The bytes of a file; of a zipped one those of the CSV in it, as they are unpacked. */
export async function* bytesIn(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createReadStream(path) as AsyncIterable<Uint8Array>;
  yield* path.toLowerCase().endsWith('.zip') ? unzipped(file) : file;
}

async function* unzipped(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const unpacked: Uint8Array[] = [];
  const csv = { isWhole: false };
  const unzip = new Unzip((entry) => {
    if (!entry.name.toLowerCase().endsWith('.csv')) return;
    entry.ondata = (error, bytes, isLast) => {
      // fflate's types know no null, which is what it passes.
      const failed = error as Error | null;
      if (failed !== null) throw failed;
      unpacked.push(bytes);
      csv.isWhole = isLast;
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  for await (const bytes of file) {
    unzip.push(bytes);
    yield* unpacked.splice(0);
  }
  if (!csv.isWhole) throw new Error('it is no zip file with a whole CSV file in it');
}
