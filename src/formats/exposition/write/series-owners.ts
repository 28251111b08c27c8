/**
 * Which row shows a label text, where rows may have the same: those of one family, or of several that come out under one name.
 */
import type { FamilyView, Row, RowLabels } from '../../../core/store/index.ts';
import type { Labeller } from './lines/labels.ts';

export interface Owner {
  readonly member: Member;
  readonly row: Row;
  readonly generation: number;
}

/** The lines of a family. */
export interface Member {
  readonly family: FamilyView;
  readonly labeller: Labeller;
  /** Its rows are to claim their texts again. */
  forgetLines(): void;
}

const leastTexts = 1_000;

/** Two rows with one label text would be a duplicate series: the first in use shows it. */
export class SeriesOwners {
  private readonly members = new Set<Member>();
  /** Undefined as long as all texts differ. */
  private texts: Map<string, Owner> | undefined;
  /** So many texts are worth a look at which are of rows that have gone. */
  private many = leastTexts;

  constructor(first: Member) {
    this.members.add(first);
  }

  /**
   * Another family comes out under the name, of which no row was written yet. `mayMeet`: its rows may have the texts of others.
   */
  add(member: Member, mayConflict: boolean): void {
    if (mayConflict) this.watch();
    this.members.add(member);
    if (this.texts !== undefined) member.forgetLines();
  }

  remove(member: Member): void {
    this.members.delete(member);
    this.forget();
  }

  /** Rows that come first in a walk may be written already in this rendering, so they own their texts. */
  watch(): void {
    if (this.texts !== undefined) return;
    this.texts = new Map();
    for (const member of this.members) this.enter(member, this.texts);
  }

  private enter(member: Member, texts: Map<string, Owner>): void {
    member.forgetLines();
    const { family, labeller } = member;
    for (let row = 1; row < family.used; row++) {
      const generation = family.generation(row);
      const labels = (generation & 1) === 1 ? labelsIn(family, row, generation) : undefined;
      const text = labels && labeller.textOf(labels).text;
      if (text !== undefined && !texts.has(text)) texts.set(text, { member, row, generation });
    }
  }

  /** Which other row shows the text already. Undefined: the row does, from now on. */
  claim(member: Member, row: Row, generation: number, text: string): Owner | undefined {
    if (this.texts === undefined) return undefined;
    const owner = this.texts.get(text);
    if (owner !== undefined && (owner.row !== row || owner.member !== member) && this.isThere(owner, member)) return owner;
    this.texts.set(text, { member, row, generation });
    return undefined;
  }

  /** Rows have gone. */
  forget(): void {
    const { texts } = this;
    if (texts === undefined || texts.size < this.many) return;
    for (const [text, owner] of texts) if (!this.isThere(owner)) texts.delete(text);
    this.many = Math.max(leastTexts, 2 * texts.size);
  }

  /** `asker`: its rows count, though a rendering that is under way may be the last to show them. */
  private isThere({ member, row, generation }: Owner, asker?: Member): boolean {
    return member.family.generation(row) === generation && (member === asker || this.members.has(member));
  }
}

/**
 * Undefined when the row is not, or no longer, in that generation. Looked at last: in a view from another thread it may change
 * meanwhile.
 */
export function labelsIn(family: FamilyView, row: Row, generation: number): RowLabels | undefined {
  const labels = family.labels(row);
  return family.generation(row) === generation ? labels : undefined;
}
