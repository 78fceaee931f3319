import type * as Jetstream from '@nats-io/jetstream';
import type * as Transport from '@nats-io/transport-node';
import { LogError } from '../../core/errors.ts';

/** What is used of the two packages. */
export type Nats = Pick<typeof Jetstream, 'jetstream' | 'jetstreamManager'> &
  Pick<typeof Transport, 'connect' | 'credsAuthenticator' | 'nkeyAuthenticator'>;

const PACKAGES = ['@nats-io/transport-node', '@nats-io/jetstream'] as const;

/**
 * Bundlers leave an import alone that they cannot read, so that a program is bundled without what it does not use.
 *
 * @param stream - for the error
 * @param packages - their names; a parameter so that no bundler sees constants
 * @returns rejects with a LogError where one is missing
 */
export async function loadNats(stream: string, packages: readonly string[] = PACKAGES): Promise<Nats> {
  try {
    const load = (name: string) => import(/* webpackIgnore: true */ /* @vite-ignore */ name) as Promise<object>;
    const modules = await Promise.all(packages.map(load));
    return Object.assign({}, ...modules) as Nats;
  } catch (cause) {
    const what = `needs ${packages.join(' and ')}, which cannot be loaded; run: npm install ${packages.join(' ')}`;
    throw new LogError('not installed', stream, { what, cause });
  }
}
