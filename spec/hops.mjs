/**
 * Prints the path of one closing frame through our source files, from the bytes that the socket gives on to the
 * subscriber's `next`: the call stack at `next`, in a real run from the TypeScript sources against the fake exchange.
 * A stack has only calls that are still open; what was called on the way and has returned is listed behind it.
 */
import './support/ts-hooks.mjs';
import { Session } from 'node:inspector';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filter, firstValueFrom, map, timeout } from 'rxjs';
import { WebSocket } from 'ws';

const LONGEST_WAIT_MS = 20_000;
const MOST_FILES = 12;
const MOST_STEPS_BACK = 2;

const sources = fileURLToPath(new URL('../src', import.meta.url));

/** The frames of our own files in a stack, in the order of the calls: what RxJS, ws and Node do in between is left out. */
function framesOf(callSites) {
  return callSites
    .filter((site) => site.getFileName()?.startsWith('file:') && fileURLToPath(site.getFileName()).startsWith(sources))
    .map((site) => ({
      file: relative(sources, fileURLToPath(site.getFileName())),
      call: [site.getTypeName(), site.getFunctionName() ?? '(anonymous)'].filter(Boolean).join('.'),
    }))
    .toReversed();
}

function stackHere() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  Error.prepareStackTrace = (_error, callSites) => callSites;
  const callSites = new Error('where am I').stack;
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return framesOf(callSites);
}

/** A file that is entered again after the frame has left it is a step backwards. */
function hopsOf(frames) {
  const visits = frames.map(({ file }) => file).filter((file, index, files) => file !== files[index - 1]);
  const files = new Set(visits);
  return { visits, files, stepsBack: visits.length - files.size };
}

/** What ran since the last call of this, file by file: `[file, names of functions]`. Starts with what runs from now on. */
function startCoverage() {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  return () => {
    let scripts = [];
    session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
      scripts = result.filter(({ url }) => url.startsWith('file:') && fileURLToPath(url).startsWith(sources));
    });
    return scripts.map(({ url, functions }) => {
      const called = functions.filter(({ functionName, ranges }) => functionName !== '' && ranges[0].count > 0);
      return [relative(sources, fileURLToPath(url)), called.map(({ functionName }) => functionName)];
    });
  };
}

const { createFeed } = await import('../src/create-feed.ts');
const { startFakeExchange } = await import('../src/testing/index.ts');

const takeCoverage = startCoverage();
const { emit } = WebSocket.prototype;
WebSocket.prototype.emit = function emitFromHere(type, ...args) {
  if (type === 'message') takeCoverage();
  return emit.call(this, type, ...args);
};

const exchange = await startFakeExchange({ seed: 7 });
const feed = createFeed({ venue: 'binance-spot', endpoints: exchange.endpoints('binance-spot') });

const { frames, called } = await firstValueFrom(
  feed.closedCandles$('BTCUSDT', '1s').pipe(
    map(() => ({ called: takeCoverage(), frames: stackHere() })),
    // On a busy machine a close may be held until an answer or a timer lets it through.
    filter(({ frames }) => frames[0]?.file === join('adapters', 'frame-skipper.ts')),
    timeout(LONGEST_WAIT_MS),
  ),
);
await feed.close();
await exchange.close();

const { visits, files, stepsBack } = hopsOf(frames);
const seen = new Set();
let last;
for (const { file, call } of frames) {
  const mark = file === last ? ' ' : seen.has(file) ? '←' : '→';
  console.log(`${mark} ${file.padEnd(44)} ${call}`);
  seen.add(file);
  last = file;
}
console.log(`calls: ${frames.length}, changes of file: ${visits.length - 1}`);
console.log(`files: ${files.size} (goal: at most ${MOST_FILES})`);
console.log(`steps backwards (←): ${stepsBack} (goal: at most ${MOST_STEPS_BACK})`);

const returned = called.filter(([file, names]) => !files.has(file) && names.length > 0);
console.log(`\ncalled on the way, and returned before \`next\`: ${returned.length} more files`);
for (const [file, names] of returned) console.log(`  ${file.padEnd(44)} ${names.join(', ')}`);
