import { once } from 'node:events';
import net from 'node:net';
import tls, { rootCertificates, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { openTunnel, type Host } from '../../../configuration.ts';
import { failed, skipped, type Finding } from '../check.ts';
import { certificateFinding, type CertificateSeen, type TlsSeen } from './certificate.ts';
import { connectionFinding, placeOf } from './connection.ts';

/** Shakes hands by TLS and looks at the certificate, whether it is trusted or not; nothing is sent after that. */
export async function probeTls(route: Host, signal: AbortSignal): Promise<Finding> {
  const place = placeOf(route.url);
  if (!place.isSecure) return skipped(`${place.text} is not encrypted`);
  try {
    const socket = await handshake(route, signal);
    const seen = seenOn(socket, place.host, route.tls.rejectUnauthorized !== false);
    socket.destroy();
    return certificateFinding(seen, Date.now());
  } catch (error) {
    return tlsFailure(error as Error, route, signal.aborted);
  }
}

async function handshake(route: Host, signal: AbortSignal): Promise<TLSSocket> {
  const socket = await secureSocket(route, signal);
  socket.on('error', () => undefined);
  try {
    await once(socket, 'secureConnect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** One that has not shaken hands yet. */
async function secureSocket({ url, proxy, tls: options }: Host, signal: AbortSignal): Promise<TLSSocket> {
  const { host, port } = placeOf(url);
  // The certificate is looked at here; with a bad one there would be nothing to look at.
  const open = { ...options, rejectUnauthorized: false };
  const where = { ...open, servername: net.isIP(host) === 0 ? host : '' };
  if (proxy === undefined) return tls.connect({ ...where, host, port });
  // Opened for a plain connection, so that TLS is ours to begin.
  const tunnel = await openTunnel(new URL(`http://${placeOf(url).text}`), { proxy, tls: options }, signal);
  return tls.connect({ ...where, socket: tunnel });
}

function seenOn(socket: TLSSocket, host: string, isChecked: boolean): TlsSeen {
  const chain = chainOf(socket.getPeerCertificate(true));
  return {
    host,
    protocol: socket.getProtocol() ?? 'TLS',
    chain: chain.map(certificateSeen),
    problem: socket.authorized ? undefined : problemOf(socket.authorizationError),
    isPublic: socket.authorized && isPublic(chain),
    isChecked,
  };
}

/** Node types it as an Error and gives a code. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}

/** An authority that signed itself is its own issuer; one that is not known here is left out. */
function chainOf(certificate: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = certificate;
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = issuerOf(next);
  }
  return chain;
}

function issuerOf({ issuerCertificate }: Partial<DetailedPeerCertificate>): DetailedPeerCertificate | undefined {
  return issuerCertificate;
}

function certificateSeen({ subject, issuer, valid_from, valid_to }: DetailedPeerCertificate): CertificateSeen {
  return { subject: nameIn(subject), issuer: nameIn(issuer), validFrom: Date.parse(valid_from), validTo: Date.parse(valid_to) }; // prettier-ignore
}

function nameIn({ CN, O, OU }: DetailedPeerCertificate['subject']): string {
  return [CN, O, OU].flat().find((name) => typeof name === 'string') ?? 'unnamed';
}

/**
 * Whether one of the authorities that Node comes with signed a certificate of the chain. The last one alone does not tell: a
 * public authority may itself be signed by an older one that Node no longer has.
 */
export function isPublic(chain: readonly Pick<DetailedPeerCertificate, 'raw'>[]): boolean {
  const roots = rootCertificates.map((pem) => new X509Certificate(pem));
  const certificates = chain.map(({ raw }) => new X509Certificate(raw));
  return certificates.some((one) => roots.some((root) => one.checkIssued(root) && one.verify(root.publicKey)));
}

function tlsFailure(error: Error, { url, proxy }: Host, isAborted: boolean): Finding {
  const place = placeOf(url);
  const isTls = 'code' in error && /^(EPROTO|ERR_SSL_)/.test(String(error.code));
  if (!isTls || proxy !== undefined) return connectionFinding(place, error, { isAborted });
  return failed(
    `${place.text} does not speak TLS (${error.message.slice(0, 120)})`,
    `check the scheme (ws:// or wss://, http:// or https://) and the port; a login page of the network looks like this too`,
    { code: String('code' in error ? error.code : '') },
  );
}
