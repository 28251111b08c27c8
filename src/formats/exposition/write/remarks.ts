/** What there is to say of series that a page shows otherwise than they were recorded: each thing once. */
import type { Omitted } from './rendering.ts';

/** Beyond it, nothing is said. */
const mostKnown = 1_000;
const none: readonly Omitted[] = Object.freeze([]);

export class Remarks {
  /** How often rows were found to meet while they were written: pages that have one of them already are to be written again. */
  late = 0;
  private readonly known = new Set<string>();
  private fresh: Omitted[] = [];

  add(remark: Omitted): void {
    const key = JSON.stringify(remark);
    if (this.known.size >= mostKnown || this.known.has(key)) return;
    this.known.add(key);
    this.fresh.push(remark);
  }

  take(): readonly Omitted[] {
    if (this.fresh.length === 0) return none;
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }
}
