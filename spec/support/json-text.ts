import fc from 'fast-check';

/** White space for the places where JSON allows it, used in turn: all of it legal, most of it none. */
export const whites: fc.Arbitrary<readonly string[]> = fc.oneof(
  fc.constant(['']),
  fc.array(fc.oneof(fc.constantFrom('', ' '), fc.stringMatching(/^[ \t\r\n]{0,5}$/)), { minLength: 1, maxLength: 40 }),
);

/** A list of pairs is an object whose members stand in this order, doubled ones too. */
type Members = readonly (readonly [name: string, value: unknown])[];

const isMembers = (value: unknown): value is Members =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => Array.isArray(one) && one.length === 2 && typeof one[0] === 'string');

/** JSON text of `value`, with `white` in turn around each token. */
export function written(value: unknown, white: readonly string[]): string {
  let turn = 0;
  const gap = (): string => white[turn++ % white.length] ?? '';
  const write = (one: unknown): string => {
    if (isMembers(one)) return object(one);
    if (Array.isArray(one)) return `[${gap()}${one.map((item) => write(item) + gap()).join(`,${gap()}`)}]`;
    if (typeof one === 'object' && one !== null) return object(Object.entries(one));
    return JSON.stringify(one);
  };
  const object = (members: Members): string =>
    `{${gap()}${members.map(([name, item]) => `${JSON.stringify(name)}${gap()}:${gap()}${write(item)}${gap()}`).join(`,${gap()}`)}}`;
  return write(value);
}
