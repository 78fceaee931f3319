import { hostOf } from '../core/cause.ts';

/** What failed: the proxy, a certificate, the look-up of a host name, or anything else on the network. */
export interface ConnectionFailure {
  readonly kind: 'proxy' | 'certificate' | 'name' | 'network';
  /** One line, without secrets. */
  readonly message: string;
}

/** What a proxy said or did; never what the exchange did. The message names the proxy without its password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Codes for a certificate of an authority that is not known here (Node's list of X509 certificate error codes). */
const UNTRUSTED: readonly string[] = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_UNTRUSTED',
];
/** Codes for a certificate that is known and wrong. */
const INVALID: readonly string[] = [
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_REVOKED',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

/** Codes of a host name that cannot be resolved. */
const UNKNOWN_NAME: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN'];

/** Says in words why a connection failed, whichever adapter opened it. */
export function connectionFailure(error: Error, url: string): ConnectionFailure {
  if (error instanceof ProxyError) return { kind: 'proxy', message: error.message };
  const about = certificateProblem(error);
  if (about !== undefined) return { kind: 'certificate', message: `the certificate of ${hostOf(url)} ${about}` };
  return { kind: UNKNOWN_NAME.includes(codeOf(error)) ? 'name' : 'network', message: messageOf(error) };
}

/** What is wrong with the certificate, and what to do; undefined where it is not about one. */
export function certificateProblem(error: Error): string | undefined {
  const code = codeOf(error);
  // Newer versions of Node add advice of their own.
  const [why = code] = error.message.split(';');
  if (INVALID.includes(code)) return `is not valid: ${why}`;
  if (!UNTRUSTED.includes(code)) return undefined;
  return `is not trusted (${why}); set tls.ca or NODE_EXTRA_CA_CERTS to that of its authority`;
}

/** A host with several addresses fails with an AggregateError, which has no message of its own. */
export function messageOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  if (error.message !== '') return error.message;
  return first instanceof Error ? first.message : codeOf(error);
}

export function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
