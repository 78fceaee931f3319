import { Argument, type Command } from 'commander';
import { from, map, tap } from 'rxjs';
import { VENUE_IDS } from '../../configuration.ts';
import { createFeed, type VenueId } from '../../index.ts';
import { audit, openStore, type CandleStore } from '../../store/index.ts';
import { addIntervals, addSymbols, toVenue } from '../arguments.ts';
import { withExamples } from '../examples.ts';
import { addFeedOptions, feedOptionsOf, type FeedArguments } from '../feed-options.ts';
import { printLines } from '../print.ts';
import { exportStore } from '../store-export.ts';
import { importFile, type ImportOptions } from '../store-import.ts';
import { auditSum, findingLine, infoLines } from '../store-lines.ts';
import { addSpanOptions, addStoredOptions, storedSeries, type StoredOptions } from '../stored-series.ts';
import type { Terminal } from '../terminal.ts';

const FILE = ['<file>', 'a store, as `record` writes it'] as const;

/** `rx-candles store`: what is in a store, and in and out of it. */
export function addStore(program: Command, terminal: Terminal): void {
  const store = program
    .command('store')
    .description('look at a store of candles, hold it against the exchange, move candles');
  addInfo(store, terminal);
  addAudit(store, terminal);
  addExport(store, terminal);
  addImport(store, terminal);
  withExamples(store, 'rx-candles store info candles.db', 'rx-candles store export candles.db --out lake');
}

function addInfo(store: Command, terminal: Terminal): void {
  const command = store
    .command('info')
    .description('list the series of a store: span, candles, gaps at the exchange, revisions, size')
    .argument(...FILE)
    .option('--json', 'one JSON object per series')
    .action(async (file: string, { json }: { json?: true }) => {
      await using opened = await openStore(file, { readOnly: true });
      await printLines(from(await infoLines(opened, json === true)), terminal);
    });
  withExamples(command, 'rx-candles store info candles.db', 'rx-candles store info candles.db --json | jq .candles');
}

interface AuditOptions extends StoredOptions, FeedArguments {
  readonly json?: true;
  readonly venue?: VenueId;
}

function addAudit(store: Command, terminal: Terminal): void {
  const command = store
    .command('audit')
    .description('read the stored past from the exchange again, and print what differs; changes nothing')
    .argument(...FILE)
    .option('--json', 'one JSON object per difference');
  withExamples(addSpanOptions(addFeedOptions(command)), 'rx-candles store audit candles.db --from 2026-01-01').action(
    (file: string, options: AuditOptions) => auditStore(file, options, terminal),
  );
}

async function auditStore(file: string, options: AuditOptions, terminal: Terminal): Promise<void> {
  await using opened = await openStore(file, { readOnly: true });
  const settings = await feedOptionsOf(options);
  const venue = options.venue ?? (await onlyVenueOf(opened)) ?? settings.venue ?? VENUE_IDS[0];
  const series = await storedSeries(opened, { ...options, venue });
  await using feed = createFeed({ ...settings, venue });
  let count = 0;
  let isWhole = false;
  const asJson = options.json === true || terminal.out.isTTY !== true;
  const lines$ = audit(opened, feed, { series, from: options.from, to: options.to }).pipe(
    tap({ next: () => (count += 1), complete: () => (isWhole = true) }),
    map((finding) => findingLine(finding, asJson)),
  );
  await printLines(lines$, terminal);
  terminal.err.write(`rx-candles: ${auditSum({ count, series: series.length, isWhole })}\n`);
}

/** The market that all series are of, if they are of one. */
async function onlyVenueOf(store: CandleStore): Promise<VenueId | undefined> {
  const venues = new Set((await store.series()).map(({ venue }) => venue));
  return venues.size === 1 ? [...venues][0] : undefined;
}

function addExport(store: Command, terminal: Terminal): void {
  const command = store
    .command('export')
    .description('write stored candles to a .csv, .ndjson or .parquet file, or as Parquet into a folder of days')
    .argument(...FILE)
    .requiredOption('-o, --out <path>', 'a file that does not exist yet, by its ending; any other path is a folder');
  withExamples(
    addStoredOptions(command),
    'rx-candles store export candles.db --out btc.csv --symbol BTCUSDT',
    'rx-candles store export candles.db --out lake',
  ).action(async (file: string, options: StoredOptions & { readonly out: string }) => {
    await using opened = await openStore(file, { readOnly: true });
    const count = await exportStore(opened, options.out, options);
    terminal.err.write(`rx-candles: ${count} candles in ${options.out}\n`);
  });
}

function addImport(store: Command, terminal: Terminal): void {
  const command = store
    .command('import')
    .description('store candles of files: CSV, archives of data.binance.vision (zipped too), JSON of freqtrade')
    .argument('<file>', 'the store; made where there is none')
    .addArgument(new Argument('<files...>', 'what to import'))
    .requiredOption('--venue <venue>', 'the market that the candles are of', toVenue)
    .option('--symbol <symbol>', 'where neither columns nor name of a file say it', addSymbols)
    .option('-i, --interval <interval>', 'where neither columns nor name of a file say it', addIntervals);
  withExamples(command, 'rx-candles store import candles.db BTCUSDT-1m-2025-*.zip --venue binance-spot').action(
    async (file: string, files: readonly string[], options: ImportOptions) => {
      await using opened = await openStore(file);
      for (const path of files) terminal.err.write(`rx-candles: ${await importFile(opened, path, options)}\n`);
    },
  );
}
