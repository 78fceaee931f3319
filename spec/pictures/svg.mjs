/** The screen of a terminal, as `tmux capture-pane -e` gives it, as a picture. */
import stringWidth from 'string-width';

const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;
const INK = '#d6deeb';
const PAPER = '#0d1520';
/** The sixteen colours of a terminal: eight, and the same eight bright. */
const COLOURS = [
  '#3b4654', '#f7768e', '#7fd88f', '#e5c07b', '#7aa2f7', '#c792ea', '#56c8d8', INK,
  '#67748a', '#ff9db0', '#a5e8b0', '#f2d59b', '#a4c0ff', '#dcb6f5', '#8fe0ea', '#ffffff',
]; // prettier-ignore

const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const CODES = /\x1b\[([\d;]*)m/;

/** @param text - lines with SGR escape codes */
export function svgOf(text, columns) {
  const lines = text.split('\n').map(runsOf(plain()));
  const [width, height] = [columns * CELL.width + 2 * MARGIN, lines.length * CELL.height + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    `<g font-family="${FONT}" font-size="14">`,
    ...lines.flatMap((runs, row) => textsOf(runs, MARGIN + (row + 0.75) * CELL.height)),
    '</g></svg>\n',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

const plain = () => ({ colour: INK, bold: false, dim: false });

/** Pieces of a line that look alike; a look goes on into the next line. */
function runsOf(look) {
  return (line) => {
    const [first, ...rest] = line.split(new RegExp(CODES, 'g'));
    const runs = [{ text: first, ...look }];
    for (let i = 0; i < rest.length; i += 2) {
      change(look, rest[i].split(';').map(Number));
      runs.push({ text: rest[i + 1], ...look });
    }
    return runs;
  };
}

/** Only what the command line uses: bold, dim and the sixteen colours. */
function change(look, codes) {
  for (const code of codes) {
    if (code === 0) Object.assign(look, plain());
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 22) Object.assign(look, { bold: false, dim: false });
    else if (code === 39) look.colour = INK;
    else if (code >= 30 && code <= 37) look.colour = COLOURS[code - 30];
    else if (code >= 90 && code <= 97) look.colour = COLOURS[code - 82];
  }
}

/** Each word at its own column: fonts of another width change nothing, and no space has to be kept. */
function textsOf(runs, y) {
  let column = 0;
  return runs.flatMap(({ text, ...look }) =>
    text.split(/( +)/).map((word) => {
      const x = column * CELL.width + MARGIN;
      const width = stringWidth(word) * CELL.width;
      column += stringWidth(word);
      return word.trim() === '' ? '' : textOf(word, { x, y, width, look });
    }),
  );
}

function textOf(word, { x, y, width, look: { colour, bold, dim } }) {
  const style = `fill="${colour}"${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;
  return `<text x="${round(x)}" y="${round(y)}" textLength="${round(width)}" ${style}>${escaped(word)}</text>`;
}

const round = (number) => Math.round(number * 10) / 10;

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
