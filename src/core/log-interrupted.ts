/** Reading a log broke off: nothing is wrong with what was read, and reading may begin again behind it. */
export class LogInterrupted extends Error {
  override readonly name = 'LogInterrupted';
}
