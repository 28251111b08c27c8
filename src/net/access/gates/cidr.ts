import { publicFunctions } from '../../../core/errors/caller.ts';
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { compileRanges } from '../address.ts';
import { allowed, type Decide, type Gate, refused } from './gate.ts';

/**
 * Admits clients whose address is in one of the ranges: `cidr(['10.0.0.0/8', '2001:db8::/32'])`. `at` is the user's name for the
 * list.
 * @throws ACCESS_CONFIG_INVALID naming every entry that is not a range, a bare address among them, and an empty list
 */
export function cidr(ranges: readonly string[], at = 'cidr'): Gate {
  compileRanges(ranges, at);
  if (ranges.length === 0) {
    const rule = 'it is a list of at least one range';
    throw new MeterbridgeError('ACCESS_CONFIG_INVALID', [{ at, got: '[]', rule, fix: 'add a range, or leave it out' }]);
  }
  return Object.freeze({ type: 'cidr', ranges: Object.freeze([...ranges]) });
}

export function compileCidr(ranges: readonly string[]): Decide {
  const inRanges = compileRanges(ranges, 'cidr');
  return ({ address }) => (address !== undefined && inRanges(address) ? allowed : refused('address'));
}

publicFunctions(cidr);
