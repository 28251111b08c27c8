import { beginAtCaller } from './caller.ts';
import type { ErrorCode } from './catalogue.ts';
import { visible } from './visible.ts';

/** One problem: the place as the user spelled it, the value, the rule that it breaks, and the fix. */
export interface Problem {
  readonly at: string;
  readonly got: string;
  readonly rule: string;
  readonly fix: string;
}

/** The same symbol in every copy of the package. */
const brand = Symbol.for('meterbridge.error');

/**
 * The only error class. `code` is stable; `problems` lists all problems found, not only the first. Its stack begins where you
 * called Meterbridge.
 */
export class MeterbridgeError extends Error {
  /**
   * Whether a value is such an error, thrown by this copy of the package or by another; `instanceof` knows this copy's alone.
   * Never throws.
   */
  static is(error: unknown): error is MeterbridgeError {
    return typeof error === 'object' && error !== null && brand in error;
  }

  static {
    Object.defineProperty(MeterbridgeError.prototype, brand, { value: true });
  }

  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(problemText).join('\n'), options);
    this.name = 'MeterbridgeError';
    this.code = code;
    this.problems = problems;
    beginAtCaller(this);
  }
}

/** `at: got X; rule. Fix: fix.`, always on one line. */
export function problemText(problem: Problem): string {
  return visible(`${problem.at}: got ${problem.got}; ${problem.rule}. Fix: ${problem.fix}.`);
}
