import type { Command } from 'commander';
import { firstValueFrom, from, takeUntil } from 'rxjs';
import { closestWord } from '../../configuration.ts';
import { createFeed, type SymbolInfo } from '../../index.ts';
import { withExamples } from '../examples.ts';
import { addFeedOptions, feedOptionsOf, type FeedArguments } from '../feed-options.ts';
import { printTexts } from '../print.ts';
import { symbolTable } from '../symbol-table.ts';
import type { Terminal } from '../terminal.ts';

interface SymbolsOptions extends FeedArguments {
  readonly json?: true;
}

/** `rx-candles symbols`: what a market lists. */
export function addSymbolsCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('symbols')
    .description('list the symbols of a market')
    .argument('[text]', 'only symbols that contain this text, in any case')
    .option('--json', 'one JSON object per line, with all that is known of the symbol');
  withExamples(
    addFeedOptions(command),
    'rx-candles symbols btc',
    'rx-candles symbols --venue binance-spot --json | jq -r .symbol',
  ).action((text: string | undefined, options: SymbolsOptions) => symbols(text ?? '', options, terminal));
}

async function symbols(text: string, options: SymbolsOptions, terminal: Terminal): Promise<void> {
  await using feed = createFeed(await feedOptionsOf(options));
  const { err, stop$ } = terminal;
  const all = await firstValueFrom(from(feed.symbols()).pipe(takeUntil(stop$)), { defaultValue: [] });
  const found = all.filter(({ symbol }) => symbol.toUpperCase().includes(text.toUpperCase()));
  if (found.length === 0 && all.length > 0) err.write(`rx-candles: ${nothingFor(text, all)}\n`);
  else await printTexts(linesOf(found, options, terminal), terminal);
}

function linesOf(found: readonly SymbolInfo[], { json }: SymbolsOptions, { out }: Terminal): readonly string[] {
  if (json === true) return found.map((symbol) => `${JSON.stringify(symbol)}\n`);
  return symbolTable(found, out.isTTY === true ? out.columns : undefined);
}

function nothingFor(text: string, all: readonly SymbolInfo[]): string {
  const meant = closestWord(text, all.map(({ symbol }) => symbol)); // prettier-ignore
  return `no symbol contains ${JSON.stringify(text)}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}
