/**
 * Rows of one family whose labels come out the same on a page, because it has no names for what they differ in: `{a.b: 1}` and
 * `{a_b: 1}` where names are escaped. Prometheus takes them for one series, so the page has one: what adds up adds up, and of
 * levels it shows the newest. It is known from when the second one is first shown, so a page looks at nothing where none meet.
 */
import type { FamilyView, Row } from '../../../../core/store/index.ts';
import type { LabelText } from '../lines/labels.ts';

interface Member {
  readonly generation: number;
  /** The first cell, as the last page had it. */
  last: number;
}

export interface Meeting {
  readonly label: LabelText;
  readonly members: Map<Row, Member>;
  /** Of levels: the row that is shown. */
  newest: Row;
}

/** A row, and in which generation it has the labels. */
export interface Place {
  readonly row: Row;
  readonly generation: number;
}

const leastMeetings = 1_000;

/** Of the rows of one family in one format. */
export class Meetings {
  private readonly family: FamilyView;
  private readonly byRow = new Map<Row, Meeting>();
  private readonly byText = new Map<string, Meeting>();
  /** So many are worth a look at which are of rows that have gone. */
  private many = leastMeetings;

  constructor(family: FamilyView) {
    this.family = family;
  }

  of(row: Row, generation: number): Meeting | undefined {
    const meeting = this.byRow.get(row);
    return meeting?.members.get(row)?.generation === generation ? meeting : undefined;
  }

  has(text: string): boolean {
    return this.byText.has(text);
  }

  enter(label: LabelText, ...places: readonly Place[]): void {
    const { text } = label;
    const meeting = this.byText.get(text) ?? { label, members: new Map(), newest: 0 };
    this.byText.set(text, meeting);
    for (const { row, generation } of places) {
      if (meeting.members.get(row)?.generation === generation) continue;
      meeting.members.set(row, { generation, last: Number.NaN });
      this.byRow.set(row, meeting);
    }
    if (this.byText.size >= this.many) this.sweep();
  }

  /** Those whose rows have gone leave. Of one row alone, nothing is left. */
  settle(meeting: Meeting): void {
    const { members, label } = meeting;
    for (const [row, { generation }] of members) if (this.family.generation(row) !== generation) this.leave(meeting, row);
    if (members.size > 1) return;
    for (const row of members.keys()) this.leave(meeting, row);
    if (this.byText.get(label.text) === meeting) this.byText.delete(label.text);
  }

  /** One of its rows that is still there. */
  one({ members }: Meeting): Place | undefined {
    for (const [row, { generation }] of members) if (this.family.generation(row) === generation) return { row, generation };
    return undefined;
  }

  private leave(meeting: Meeting, row: Row): void {
    meeting.members.delete(row);
    if (this.byRow.get(row) === meeting) this.byRow.delete(row);
  }

  private sweep(): void {
    for (const meeting of [...this.byText.values()]) this.settle(meeting);
    this.many = Math.max(leastMeetings, 2 * this.byText.size);
  }
}

/** Totals, and what may fall but adds up all the same. Neither levels nor quantiles do. */
export function addsUp({ spec: { kind }, rowLayout }: FamilyView): boolean {
  if (rowLayout.form === 'summary') return rowLayout.quantiles.length === 0;
  return kind === 'counter' || kind === 'updowncounter' || rowLayout.form !== 'number';
}
