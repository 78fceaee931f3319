import { failed, ok, warning, type Finding } from '../check.ts';

/** What a TLS handshake showed. */
export interface TlsSeen {
  readonly host: string;
  /** `TLSv1.3`. */
  readonly protocol: string;
  /** The server's certificate first, the last known signer last. */
  readonly chain: readonly CertificateSeen[];
  /** Why it is not trusted; undefined where it is. */
  readonly problem: string | undefined;
  /** Whether it was signed by an authority that Node comes with. */
  readonly isPublic: boolean;
  /** `tls.rejectUnauthorized`: false lets anybody in. */
  readonly isChecked: boolean;
}

export interface CertificateSeen {
  readonly subject: string;
  readonly issuer: string;
  /** ms UTC. */
  readonly validFrom: number;
  readonly validTo: number;
}

const DAY_MS = 86_400_000;

/** @param now - by this machine's clock, which is what certificates are checked by */
export function certificateFinding(seen: TlsSeen, now: number): Finding {
  const { host, protocol, problem, isChecked } = seen;
  const signed = `signed by ${authorityOf(seen)}`;
  const measures = measuresOf(seen);
  if (!isChecked) {
    return warning(
      `${protocol}, certificate not checked (${problem ?? 'it would be accepted'}), ${signed}`,
      'tls.rejectUnauthorized is false: anybody on the way can read and change what is sent; set tls.ca instead',
      measures,
    );
  }
  if (problem !== undefined) {
    const found = `the certificate of ${host} is not accepted: ${problem}; ${signed}`;
    return failed(found, adviceFor(problem, seen, now), measures);
  }
  return acceptedFinding(seen, `${protocol}, ${validity(seen, now)}, ${signed}`, measures);
}

function acceptedFinding({ isPublic }: TlsSeen, found: string, measures: Finding['measures']): Finding {
  if (isPublic) return ok(found, measures);
  return warning(
    `${found}, which is no public authority`,
    'somebody between here and the exchange can read this connection: a company’s or an antivirus program’s inspection, or a server of one’s own; if you do not know who runs it, find out',
    measures,
  );
}

function authorityOf({ chain }: TlsSeen): string {
  return chain.at(-1)?.issuer ?? 'nobody';
}

function validity({ host, chain: [own] }: TlsSeen, now: number): string {
  if (own === undefined) return `certificate of ${host}`;
  const days = Math.floor((own.validTo - now) / DAY_MS);
  return `certificate of ${own.subject} valid until ${dayOf(own.validTo)} (${days} ${days === 1 ? 'day' : 'days'})`;
}

function measuresOf(seen: TlsSeen): NonNullable<Finding['measures']> {
  const { protocol, chain, isPublic, problem = null } = seen;
  const [own] = chain;
  return {
    protocol,
    chain: chain.map(({ subject }) => subject),
    authority: authorityOf(seen),
    expires: own === undefined ? null : dayOf(own.validTo),
    isPublic,
    problem,
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** OpenSSL's and Node's codes of a certificate that is known and wrong. */
function adviceFor(code: string, { host, chain }: TlsSeen, now: number): string {
  const [own] = chain;
  if (own !== undefined && now < own.validFrom) return 'it is not valid yet: set this machine’s clock';
  if (own !== undefined && now > own.validTo) {
    return `it ran out on ${dayOf(own.validTo)}: set this machine’s clock if that is yet to come; otherwise whoever runs ${host} has to renew it`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `it belongs to another host (${own?.subject ?? 'unnamed'}): check --stream-url, --rest-url and endpoints; a login page of the network looks like this too`;
  }
  return 'a company’s inspection or a server of one’s own signs with an authority that Node does not know: get its certificate and set tls.ca in config.yaml, or NODE_EXTRA_CA_CERTS=/path/to/ca.pem';
}
