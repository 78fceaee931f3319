import { boolean, isRecord, kindOf, type Group, type Schema } from './schema.ts';

/** PEM, as text or bytes. */
export type Pem = string | Uint8Array;

/** For every encrypted connection, with the meaning that Node's `tls.connect` gives them. */
export interface TlsOptions {
  /** Certificates of the authorities that are trusted, in place of Node's own. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** The client's own certificate, where a server asks for one, and the key that belongs to it. */
  readonly cert?: Pem | readonly Pem[] | undefined;
  readonly key?: Pem | readonly (Pem | EncryptedKey)[] | undefined;
  /** False trusts every certificate, and so whoever is in between. Default true. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** A private key that a passphrase protects. */
export interface EncryptedKey {
  readonly pem: Pem;
  readonly passphrase?: string | undefined;
}

const pem = pemSchema(isPem);

export const TLS: Record<keyof TlsOptions, Schema> & Group = {
  ca: pem,
  cert: pem,
  key: pemSchema((value) => isPem(value) || (isRecord(value) && isPem(value['pem']))),
  rejectUnauthorized: boolean,
};

function pemSchema(isGood: (value: unknown) => boolean): Schema {
  return {
    must: 'be PEM (-----BEGIN …) or a list of them; in a configuration file, the path of such a file',
    read(value) {
      const all: readonly unknown[] = Array.isArray(value) ? value : [value];
      return all.length > 0 && all.every(isGood) ? value : undefined;
    },
    show: kindOf,
  };
}

/** Node takes anything else without a word, and trusts nobody. */
function isPem(value: unknown): boolean {
  const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  return typeof text === 'string' && text.includes('-----BEGIN ');
}
