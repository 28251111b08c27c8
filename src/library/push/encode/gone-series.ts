import type { FamilyView } from '../../../core/store/store.ts';

/** A series that a receiver knows and the store does not have any more. */
export interface GoneSeries {
  readonly family: FamilyView;
  readonly attributes: Uint8Array;
  readonly startMs: number;
}

/** Which series a receiver must mark as gone, from what left and what came in each push. */
export class GoneSeriesList {
  /** Waiting for a push that arrives. No more than what was delivered, so no longer outage makes it grow. */
  private readonly pending = new Map<string, GoneSeries>();
  /** Within a push: what left, and what came. A series may do both, when it comes back under another row. */
  private readonly left = new Map<string, GoneSeries>();
  private readonly came = new Set<string>();

  /** A push begins. */
  begin(): void {
    this.left.clear();
    this.came.clear();
  }

  leave(key: string, series: GoneSeries): void {
    this.left.set(key, series);
  }

  come(key: string): void {
    this.came.add(key);
  }

  /** All have left and come. Returns those of earlier failed pushes, too. */
  settle(): Iterable<GoneSeries> {
    for (const [key, series] of this.left) this.pending.set(key, series);
    for (const key of this.came) this.pending.delete(key);
    return this.pending.values();
  }

  delivered(): void {
    this.pending.clear();
  }
}
