import { allowed, type Decide, firstRefusal, type Gate } from './gate.ts';

/**
 * Admits a request that every access rule admits. It evaluates all rules each time, so that timing does not reveal which one
 * rejected it.
 */
export function allOf(first: Gate, ...others: readonly Gate[]): Gate {
  return Object.freeze({ type: 'allOf', gates: Object.freeze([first, ...others]) });
}

/** The tenant is that of the first rule that names one. */
export function compileAllOf(gates: readonly Decide[]): Decide {
  return (caller) => {
    const decisions = gates.map((decide) => decide(caller));
    const open = decisions.filter((decision) => decision.allowed);
    if (open.length < decisions.length) return firstRefusal(decisions);
    return open.find(({ tenant }) => tenant !== undefined) ?? allowed;
  };
}
