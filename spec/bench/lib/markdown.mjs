/** Rows of `console.table` as docs/speed.md writes them: the first column on the left, figures on the right. */
export function markdownTable(rows) {
  const titles = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => titles.map((title) => row[title] ?? ''));
  const rule = titles.map((_, index) => (index === 0 ? '---' : '--:'));
  return [titles, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')).join('\n');
}
