import type { Command, Option } from 'commander';

/**
 * What may come next on a command line.
 *
 * @param words - those after the program's name; the last one is being typed and may be empty
 * @returns the words that begin with the last one
 */
export function candidatesFor(program: Command, words: readonly string[]): readonly string[] {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = program.commands.find((one) => one.name() === before[0]) ?? program;
  return allFor(command, before).filter((word) => word.startsWith(typed));
}

function allFor(command: Command, before: readonly string[]): readonly string[] {
  const option = command.options.find(
    (one) => one.required && (one.long === before.at(-1) || one.short === before.at(-1)),
  );
  if (option !== undefined) return option.argChoices ?? [];
  const names = [...command.commands.map((one) => one.name()), ...choicesOf(command)].filter(
    (name) => !name.startsWith('_'),
  );
  return [...names, ...command.options.flatMap(spellingsOf), '--help'];
}

function choicesOf(command: Command): readonly string[] {
  return command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
}

function spellingsOf({ long }: Option): readonly string[] {
  return long === undefined ? [] : [long];
}
