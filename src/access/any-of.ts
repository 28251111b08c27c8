import { type Decide, firstRefusal, type Gate } from './gate.ts';

/** Lets through whom one of the gates lets through. All of them are asked each time, so that time does not tell which it was. */
export function anyOf(first: Gate, ...others: readonly Gate[]): Gate {
  return Object.freeze({ type: 'anyOf', gates: Object.freeze([first, ...others]) });
}

/** The tenant is that of the first gate that lets through and names one. */
export function compileAnyOf(gates: readonly Decide[]): Decide {
  return (caller) => {
    const decisions = gates.map((decide) => decide(caller));
    const open = decisions.filter((decision) => decision.allowed);
    return open.find(({ tenant }) => tenant !== undefined) ?? open[0] ?? firstRefusal(decisions);
  };
}
