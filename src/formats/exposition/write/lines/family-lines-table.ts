/** What a renderer keeps of the families that it has shown. */
import type { FamilyView } from '../../../../core/store/index.ts';
import { createFamilyLines, type FamilyLines, type ForAll } from './family-lines.ts';
import { MeetingNames } from './meeting-names.ts';

export class FamilyLinesTable {
  private readonly families = new Map<number, FamilyLines>();
  private readonly forAll: ForAll;
  /** Made for the first OpenMetrics page. */
  private names: MeetingNames | undefined = undefined;

  constructor(forAll: ForAll) {
    this.forAll = forAll;
  }

  of(family: FamilyView): FamilyLines {
    const known = this.families.get(family.id);
    if (known?.help === family.spec.help) return known;
    // A rendering that is under way goes on with the help that it began with.
    if (known !== undefined) this.leave(family.id, known);
    const lines = createFamilyLines(family, this.forAll);
    this.families.set(family.id, lines);
    this.names?.enter(lines.names);
    return lines;
  }

  /** Families of different names have or reserve one name in OpenMetrics. All that were visited count, shown or not. */
  get namesMeet(): boolean {
    this.names ??= MeetingNames.of(this.families.values());
    return this.names.some;
  }

  /**
   * Closed families leave: those that a rendering has not seen. One that a concurrent rendering has just visited may leave too:
   * it is built again.
   */
  keep(seen: ReadonlySet<number>): void {
    if (this.families.size === seen.size) return;
    for (const [id, lines] of this.families) {
      if (!seen.has(id)) this.leave(id, lines);
    }
  }

  private leave(id: number, lines: FamilyLines): void {
    lines.end();
    this.names?.leave(lines.names);
    this.families.delete(id);
  }
}
