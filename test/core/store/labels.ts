/** Labels of rows from attribute sets, for tests that fill a store by hand. */
import type { Attributes } from '@opentelemetry/api';
import type { Family, FamilyView, Row, RowLabels } from '../../../src/core/store/index.ts';
import { attributeBytes, encodeAttributes, splitAttributes } from '../../../src/formats/otlp/index.ts';

/** Names in `declared` in that order, then the others ascending. */
export function labelsOf(attributes: Attributes, declared: readonly string[] = []): RowLabels {
  const { names, values } = splitAttributes(encodeAttributes(attributes));
  const byName = new Map(names.map((name, at) => [name, values[at] ?? '']));
  const ordered = [...declared.filter((name) => byName.has(name)), ...names.filter((name) => !declared.includes(name))];
  return { names: ordered, values: ordered.map((name) => byName.get(name) ?? '') };
}

export function takeRow(family: Family, attributes: Attributes, startMs = 0, value?: number): Row {
  return family.row(labelsOf(attributes, family.spec.labels), startMs, value);
}

/** Canonical attribute bytes as hexadecimal digits. */
export function attributesOf(family: Pick<FamilyView, 'labels'>, row: Row): string {
  return Buffer.from(attributeBytes(family.labels(row))).toString('hex');
}

export function hexOf(attributes: Attributes): string {
  return Buffer.from(encodeAttributes(attributes)).toString('hex');
}
