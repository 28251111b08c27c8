import { compileAllOf } from './all-of.ts';
import { compileAnyOf } from './any-of.ts';
import { compileApiKeys } from './api-keys.ts';
import { compileBearer } from './bearer.ts';
import { compileCidr } from './cidr.ts';
import { allowed, type Decide, type Gate } from './gate.ts';
import { decideLoopback } from './loopback.ts';

export interface CompileOptions {
  /** The clock for reading a secret's file again, in milliseconds; only differences count. Default: `performance.now`. */
  readonly now?: () => number;
}

/** Turns an access rule into a function. Works in any thread, on a rule that was posted there. */
export function compileGate(gate: Gate, options: CompileOptions = {}): Decide {
  const compileAll = (gates: readonly Gate[]): readonly Decide[] => gates.map((one) => compileGate(one, options));
  switch (gate.type) {
    case 'open':
      return () => allowed;
    case 'loopback':
      return decideLoopback;
    case 'cidr':
      return compileCidr(gate.ranges);
    case 'bearer':
      return compileBearer(gate.secret, options.now ?? (() => performance.now()));
    case 'apiKeys':
      return compileApiKeys(gate.keys);
    case 'anyOf':
      return compileAnyOf(compileAll(gate.gates));
    case 'allOf':
      return compileAllOf(compileAll(gate.gates));
  }
}
