import { type Decide, firstRefusal, type Gate } from './gate.ts';

/**
 * Admits a request that at least one access rule admits. It evaluates all rules each time, so that timing does not reveal which
 * one it was.
 */
export function anyOf(first: Gate, ...others: readonly Gate[]): Gate {
  return Object.freeze({ type: 'anyOf', gates: Object.freeze([first, ...others]) });
}

/** The tenant is that of the first rule that admits the request and names one. */
export function compileAnyOf(gates: readonly Decide[]): Decide {
  return (caller) => {
    const decisions = gates.map((decide) => decide(caller));
    const open = decisions.filter((decision) => decision.allowed);
    return open.find(({ tenant }) => tenant !== undefined) ?? open[0] ?? firstRefusal(decisions);
  };
}
