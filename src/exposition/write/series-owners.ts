/** Which row shows a label text, where rows may have the same: those of one family, or of several that come out under one name. */
import type { FamilyView, Row, RowLabels } from '../../store/index.ts';
import type { Labeller } from './labels.ts';

interface Owner {
  readonly family: FamilyView;
  readonly row: Row;
  readonly generation: number;
}

/** The lines of a family. */
export interface Member {
  readonly family: FamilyView;
  readonly labeller: Labeller;
  /** Its rows are to claim their texts anew. */
  forgetLines(): void;
}

/** Two rows with one label text would be a duplicate series: the first in use shows it. */
export class SeriesOwners {
  private readonly members = new Set<Member>();
  /** Undefined as long as all texts differ. */
  private texts: Map<string, Owner> | undefined;

  constructor(first: Member) {
    this.members.add(first);
  }

  add(member: Member): void {
    this.members.add(member);
    if (this.texts !== undefined) this.watch();
  }

  remove(member: Member): void {
    this.members.delete(member);
    this.forget(member.family);
  }

  /** Rows that come first in a walk may be written already in this rendering, so they own their texts. */
  watch(): void {
    this.texts = new Map();
    for (const member of this.members) {
      member.forgetLines();
      const { family, labeller } = member;
      for (let row = 1; row < family.used; row++) {
        const generation = family.generation(row);
        const labels = (generation & 1) === 1 ? labelsIn(family, row, generation) : undefined;
        const text = labels && labeller.textOf(labels).text;
        if (text !== undefined && !this.texts.has(text)) this.texts.set(text, { family, row, generation });
      }
    }
  }

  claim(family: FamilyView, row: Row, generation: number, text: string): boolean {
    if (this.texts === undefined) return true;
    const owner = this.texts.get(text);
    if (owner !== undefined && (owner.row !== row || owner.family !== family) && inUse(owner)) return false;
    this.texts.set(text, { family, row, generation });
    return true;
  }

  /** Rows have gone, or all of a family. */
  forget(gone?: FamilyView): void {
    for (const [text, owner] of this.texts ?? []) if (owner.family === gone || !inUse(owner)) this.texts?.delete(text);
  }
}

/** Undefined when the row is not, or no longer, in that generation. Looked at last: in a view from another thread it may change meanwhile. */
export function labelsIn(family: FamilyView, row: Row, generation: number): RowLabels | undefined {
  const labels = family.labels(row);
  return family.generation(row) === generation ? labels : undefined;
}

function inUse({ family, row, generation }: Owner): boolean {
  return family.generation(row) === generation;
}
