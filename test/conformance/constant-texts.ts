import type { ConstantLabelJson } from '../../src/index.ts';

/** What the series of one program have: of what a program decides, some value. */
export function constantTexts(labels: Readonly<Record<string, ConstantLabelJson>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, label]) => [name, typeof label === 'string' ? label : (label.value ?? 'one')]),
  );
}
