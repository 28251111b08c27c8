/**
 * Whether some families have or reserve one name in OpenMetrics (`names-in-openmetrics.ts`). It is known from page to page, so
 * that a page looks at no name where none do.
 */
import type { SeriesNames } from '../../../../core/naming/index.ts';
import type { FamilyLines } from './family-lines.ts';

export class MeetingNames {
  /** How many families have these names: those of one name are shown together. */
  private readonly families = new Map<string, number>();
  /** By name, how many of the above have or reserve it. */
  private readonly takers = new Map<string, number>();
  /** Names that several have or reserve. */
  private meeting = 0;

  static of(all: Iterable<FamilyLines>): MeetingNames {
    const names = new MeetingNames();
    for (const lines of all) names.enter(lines.names);
    return names;
  }

  get some(): boolean {
    return this.meeting > 0;
  }

  enter({ claims, reserved }: SeriesNames): void {
    const all = [...claims, ...reserved];
    if (add(this.families, all.join(' '), 1) > 1) return;
    for (const name of all) if (add(this.takers, name, 1) === 2) this.meeting++;
  }

  leave({ claims, reserved }: SeriesNames): void {
    const all = [...claims, ...reserved];
    if (add(this.families, all.join(' '), -1) > 0) return;
    for (const name of all) if (add(this.takers, name, -1) === 1) this.meeting--;
  }
}

/** Returns how many there are now. */
function add(counts: Map<string, number>, key: string, more: number): number {
  const count = (counts.get(key) ?? 0) + more;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
  return count;
}
