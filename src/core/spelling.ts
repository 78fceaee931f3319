/** The most likely intended word: equal except for case and punctuation, or within a few edits. */
export function closestWord(given: string, words: readonly string[]): string | undefined {
  if (given.length > 40) return undefined;
  const letters = lettersOf(given);
  const ranked = words.map((word) => ({ word, distance: editDistance(letters, lettersOf(word)) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.min(3, letters.length * 0.4) ? best.word : undefined;
}

function lettersOf(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Levenshtein distance. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) row = nextRow(row, from.charAt(line - 1), to);
  return row[to.length] ?? 0;
}

function nextRow(above: readonly number[], letter: string, to: string): number[] {
  const row = [(above[0] ?? 0) + 1];
  for (let column = 1; column <= to.length; column++) {
    const changed = (above[column - 1] ?? 0) + (to.charAt(column - 1) === letter ? 0 : 1);
    row.push(Math.min(changed, (above[column] ?? 0) + 1, (row[column - 1] ?? 0) + 1));
  }
  return row;
}
