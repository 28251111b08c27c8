/** Whether this machine has IPv6, at least for itself: in many containers it is turned off. */
import { networkInterfaces } from 'node:os';

export const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

/** For a test that needs it. */
export const needsIpv6 = { skip: hasIpv6 ? false : 'skipped: this machine has no ::1' } as const;
