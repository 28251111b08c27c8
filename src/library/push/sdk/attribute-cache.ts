/** Attributes of rows as objects, decoded once for as long as a row belongs to the same series. */
import type { Attributes } from '@opentelemetry/api';
import type { FamilyView, Row } from '../../../core/store/store.ts';
import { attributePairs } from '../../../formats/otlp/index.ts';

interface Entry {
  readonly generation: number;
  readonly attributes: Attributes;
}

export interface AttributeCache {
  get(family: FamilyView, row: Row, generation: number): Attributes;
  /** Drops all families that are not among these. */
  keep(families: ReadonlySet<number>): void;
}

export function createAttributeCache(): AttributeCache {
  const families = new Map<number, (Entry | undefined)[]>();
  return Object.freeze({
    get(family: FamilyView, row: Row, generation: number) {
      let rows = families.get(family.id);
      if (rows === undefined) {
        rows = [];
        families.set(family.id, rows);
      }
      const known = rows[row];
      if (known !== undefined && known.generation === generation) return known.attributes;
      const attributes = Object.freeze(Object.fromEntries(attributePairs(family.labels(row))));
      rows[row] = { generation, attributes };
      return attributes;
    },
    keep(alive: ReadonlySet<number>) {
      for (const id of families.keys()) if (!alive.has(id)) families.delete(id);
    },
  });
}
