import { writeFileSync } from 'node:fs';

/**
 * For `spec/test.mjs`, as vitest's JSON does not say it: makes the file that `UNHANDLED_ERRORS` names where something was
 * thrown, or a promise rejected, that no spec was there for.
 */
export default class UnhandledErrors {
  onTestRunEnd(_modules, errors) {
    if (errors.length > 0) writeFileSync(process.env.UNHANDLED_ERRORS, String(errors.length));
  }
}
