/** What a sender may send, by the rules of series: each is sent to both programs, which show the same of it. */
import { identity } from './identity.ts';
import { names } from './names.ts';
import { time } from './time.ts';
import type { Traffic } from './traffic.ts';
import { values } from './values.ts';

export const traffic: Readonly<Record<string, Traffic>> = { ...identity, ...time, ...values, ...names };
export type { Traffic };
