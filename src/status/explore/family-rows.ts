/** The families of a store by name: how many series, and how many came and went in each of the last minutes. */
import type { FamilyView, View } from '../../core/store/index.ts';
import type { FamilyRow, PerMinute } from '../model/index.ts';
import { walkInSlices } from './in-slices.ts';

export interface FamilyCounts extends Pick<FamilyRow, 'name' | 'type' | 'unit' | 'help' | 'series'> {
  /** In the minute under way. */
  readonly created: number;
  readonly expired: number;
}

export interface FamilyRows {
  /** Counts from now on. */
  begin(): Promise<void>;
  /** A minute has ended. */
  minute(): Promise<void>;
  /** By name. */
  read(): Promise<ReadonlyMap<string, FamilyCounts>>;
  /** With its minutes. @param all series of the store */
  row(counts: FamilyCounts, all: number): FamilyRow;
  /** Of all families together. */
  readonly created: PerMinute;
  readonly expired: PerMinute;
}

/** A family as it was when the minute began. */
interface Base {
  readonly name: string;
  readonly taken: number;
  readonly size: number;
}

/** Of one name: its ended minutes, the newest last. */
interface Past {
  readonly created: number[];
  readonly expired: number[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const endedMinutes = 14;
/** A walk over families alone, in milliseconds. */
const mostMs = 5_000;
const wrap = 2 ** 32;

/** @param nameOf what a family is called on a page */
export function createFamilyRows(
  view: View,
  nameOf: (family: FamilyView) => string = ({ spec }) => spec.exposed?.series ?? spec.name,
): FamilyRows {
  const past = new Map<string, Past>();
  const totals: Past = { created: [], expired: [] };
  let bases: ReadonlyMap<number, Base> | undefined;
  /** Of the newest reading. */
  let under = { created: 0, expired: 0 };

  async function look(): Promise<{ readonly rows: Map<string, Mutable<FamilyCounts>>; readonly now: Map<number, Base> }> {
    const rows = new Map<string, Mutable<FamilyCounts>>();
    const now = new Map<number, Base>();
    const before = bases;
    const rowOf = (name: string, { spec }: Pick<FamilyView, 'spec'>) => {
      const row = rows.get(name) ?? {
        name,
        type: spec.kind,
        unit: spec.unit,
        help: spec.help,
        series: 0,
        created: 0,
        expired: 0,
      };
      rows.set(name, row);
      return row;
    };
    await walkInSlices(
      view,
      {
        family(family) {
          const name = nameOf(family);
          const row = rowOf(name, family);
          const { id, size, taken } = family;
          row.series += size;
          now.set(id, { name, taken, size });
          if (before === undefined) return false;
          const base = before.get(id) ?? { taken: 0, size: 0 };
          const created = (taken - base.taken + wrap) % wrap;
          row.created += created;
          row.expired += Math.max(0, created - (size - base.size));
          return false;
        },
        row() {},
      },
      { mostMs },
    );
    under = { created: 0, expired: 0 };
    for (const [id, { name, size }] of before ?? []) {
      if (now.has(id)) continue;
      const row = rows.get(name);
      if (row === undefined) under.expired += size;
      else row.expired += size;
    }
    for (const { created, expired } of rows.values()) {
      under.created += created;
      under.expired += expired;
    }
    return { rows, now };
  }

  return Object.freeze({
    async begin() {
      const { now } = await look();
      bases ??= now;
    },
    async minute() {
      const { rows, now } = await look();
      bases = now;
      push(totals, under.created, under.expired);
      for (const [name, { created, expired }] of rows) {
        const known = past.get(name) ?? (created + expired > 0 ? startedAt(totals) : undefined);
        if (known === undefined) continue;
        push(known, created, expired);
        past.set(name, known);
      }
      for (const [name, { created, expired }] of past) {
        if (!rows.has(name) || (sum(created) === 0 && sum(expired) === 0)) past.delete(name);
      }
      under = { created: 0, expired: 0 };
    },
    read: async () => (await look()).rows,
    row({ created, expired, ...facts }: FamilyCounts, all: number) {
      const known = past.get(facts.name) ?? zeros(totals.created.length);
      const isCounted = bases !== undefined;
      return {
        ...facts,
        share: all === 0 ? 0 : facts.series / all,
        created: minutes(known.created, isCounted ? created : null),
        expired: minutes(known.expired, isCounted ? expired : null),
      };
    },
    get created() {
      return minutes(totals.created, bases === undefined ? null : under.created);
    },
    get expired() {
      return minutes(totals.expired, bases === undefined ? null : under.expired);
    },
  });
}

function push({ created, expired }: Past, came: number, went: number): void {
  created.push(came);
  expired.push(went);
  for (const list of [created, expired]) list.splice(0, Math.max(0, list.length - endedMinutes));
}

/** Nothing came or went in the minutes before. */
function startedAt({ created }: Past): Past {
  return zeros(created.length - 1);
}

function zeros(length: number): Past {
  const none = () => new Array<number>(Math.max(0, length)).fill(0);
  return { created: none(), expired: none() };
}

function minutes(ended: readonly number[], under: number | null): PerMinute {
  return [...new Array<null>(endedMinutes - ended.length).fill(null), ...ended, under];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
