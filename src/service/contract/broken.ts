/** What of a contract a point, or its metric, breaks. */

/** Reasons that are logged, once for each producer. */
export const reasons = ['unknown_name', 'wrong_type', 'wrong_unit', 'wrong_bounds', 'value_outside'] as const;
export type Reason = (typeof reasons)[number];

export interface Broken {
  readonly reason: Reason;
  /** A clause: what was received, and what the contract declares. */
  readonly what: string;
}
