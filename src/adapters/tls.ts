import { createSecureContext, type ConnectionOptions } from 'node:tls';
import type { TlsOptions } from '../core/tls-options.ts';
import { messageOf } from './connection-failure.ts';

/** As `tls.connect` takes them; without keys that are undefined, which Node takes for values. */
export type NodeTls = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;

export interface CheckedTls {
  readonly tls: NodeTls;
  readonly problem?: string;
}

/** Validated options as Node takes them, and what OpenSSL has against them: a key that belongs to another certificate. */
export function nodeTls(options: TlsOptions = {}): CheckedTls {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const tls: NodeTls = Object.fromEntries(given);
  if (given.length === 0) return { tls };
  try {
    createSecureContext(tls);
    return { tls };
  } catch (error) {
    return { tls, problem: `tls: ${messageOf(error as Error)}` };
  }
}
