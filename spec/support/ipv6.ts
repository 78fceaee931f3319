import { networkInterfaces } from 'node:os';

/** Some containers have no loopback of IPv6; what needs it is skipped there. */
export const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
