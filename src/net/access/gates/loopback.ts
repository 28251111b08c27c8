import { isLoopback } from '../address.ts';
import { allowed, type Decide, type Gate, refused } from './gate.ts';

/** Admits clients on this machine: 127.0.0.0/8 and ::1. */
export function loopback(): Gate {
  return Object.freeze({ type: 'loopback' });
}

export const decideLoopback: Decide = ({ address }) =>
  address !== undefined && isLoopback(address) ? allowed : refused('address');
