/**
 * Things of one parent that senders name in the same order again and again: what followed last time is checked first, a table
 * second.
 */

export interface Sibling<S> {
  /** The one that followed it last time. */
  next: S | undefined;
  /** False once it has left: what came before it may still name it. */
  live: boolean;
}

export interface Siblings<S> {
  count: number;
  /** The one that came last. */
  last: S | undefined;
}

/** What came behind the last one the time before. */
export function expected<S extends Sibling<S>>(siblings: Siblings<S>): S | undefined {
  const next = siblings.last?.next;
  return next?.live === true ? next : undefined;
}

/** This one has come, and is returned. */
export function came<S extends Sibling<S>>(siblings: Siblings<S>, sibling: S): S {
  const { last } = siblings;
  if (last !== undefined && last.next !== sibling) {
    sibling.next ??= last.next;
    last.next = sibling;
  }
  siblings.last = sibling;
  return sibling;
}

export function leave<S extends Sibling<S>>(siblings: Siblings<S>, sibling: S): void {
  siblings.count--;
  sibling.live = false;
  sibling.next = undefined;
  if (siblings.last === sibling) siblings.last = undefined;
}
