/** Constant labels whose value the program decides: one on all series of a page, whatever it is. */
import { parametersOf } from '../../../core/contract/labels.ts';
import type { CheckFinding } from '../finding.ts';
import type { Observed, ObservedFamily } from '../observed.ts';
import { exposedLabel, type Held } from './held.ts';
import { isTargetLabel } from './known.ts';
import { shownList } from './shown-list.ts';

/**
 * The first value of each is the page's. OTLP and what a Prometheus has scraped may come from several programs, each with its
 * own.
 */
export function parameterFindings({ families, format }: Observed, all: readonly Held[]): readonly CheckFinding[] {
  if (format === 'otlp' || [...families.values()].some(({ labels }) => hasTargets(labels))) return [];
  const ofPage = new Map<string, string>();
  return all.flatMap(({ metric, family, find }) =>
    parametersOf(metric).flatMap((name) => {
      const label = exposedLabel(name, metric);
      const values = [...(family.labels.get(label)?.values ?? [])].filter((value) => value !== '');
      const [first] = values;
      const known = ofPage.get(label) ?? first;
      if (known === undefined) return [];
      ofPage.set(label, known);
      const others = values.filter((value) => value !== known);
      const rule = `the label has one value on a page, and another series has ${JSON.stringify(known)}`;
      return others.length === 0
        ? []
        : [find('contract-constant-label', `.constantLabels.${name}`, { label, got: shownList(others), rule })];
    }),
  );
}

function hasTargets(labels: ObservedFamily['labels']): boolean {
  return [...labels].some(([name, { distinct }]) => isTargetLabel(name) && distinct > 1);
}
