import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { failed, ok, skipped, warning, type Finding } from '../check.ts';

/** Looks a host's name up as connections do: hosts file and caches included. */
export async function probeName(host: string, timeoutMs: number): Promise<Finding> {
  if (isIP(host) !== 0) return skipped(`${host} is an address`);
  const startedAt = performance.now();
  try {
    const found = await within(timeoutMs, lookup(host, { all: true }));
    return nameFinding(host, found.map(({ address }) => address), performance.now() - startedAt); // prettier-ignore
  } catch (error) {
    return nameFailure(host, error instanceof Error && 'code' in error ? String(error.code) : 'TIMEOUT');
  }
}

/** Answers that a hosts file, a blocking resolver or a provider puts in the place of the true ones. */
const NOWHERE = /^(0\.0\.0\.0|127\.|::1?$)/;

export function nameFinding(host: string, addresses: readonly string[], tookMs: number): Finding {
  const measures = { host, addresses, lookupMs: Math.round(tookMs) };
  const found = `${host} is ${addresses.join(', ')} (${Math.round(tookMs)} ms)`;
  const isElsewhere = !/(^|\.)localhost$/.test(host) && addresses.every((address) => NOWHERE.test(address));
  if (!isElsewhere) return ok(found, measures);
  return warning(
    found,
    'this name is blocked: a hosts file, an ad blocker (Pi-hole), or the provider answers with this machine itself; allow it there, or use another DNS server',
    measures,
  );
}

export function nameFailure(host: string, code: string): Finding {
  const measures = { host, code };
  if (code === 'ENOTFOUND') {
    return failed(
      `${host}: no such name (ENOTFOUND)`,
      'check its spelling (--stream-url, --rest-url, endpoints), and that this machine can look up other names',
      measures,
    );
  }
  return failed(
    `${host}: no DNS server answered (${code})`,
    'check this machine’s network connection and its DNS server (/etc/resolv.conf; in Docker: --dns)',
    measures,
  );
}

function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('late')), ms).unref();
  });
  return Promise.race([answer, late]);
}
