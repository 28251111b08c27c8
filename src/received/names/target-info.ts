/**
 * `target_info`: the attributes of a resource that are no labels of its series, for each `job` and `instance` that are both there. "There MUST be at most one
 * `target` info metric exported for each unique combination of `job` and `instance`" (OpenTelemetry specification, "Resource Attributes").
 */
import type { Family, Row } from '../../store/store.ts';
import { createSeriesLabels } from './series-labels.ts';
import { type Target, targetLabels } from './target.ts';

export interface TargetInfo {
  /** A target has its first series. */
  entered(target: Target): void;
  /** Its last series has gone. */
  left(target: Target): void;
}

interface Shown {
  readonly row: Row;
  readonly target: Target;
  /** Resources that share `job` and `instance`, the one that is shown among them. */
  readonly targets: Set<Target>;
}

const noAttributes = new Uint8Array(0);

export function createTargetInfo(family: Family, labelOf: (attribute: string) => string): TargetInfo {
  const byTarget = new Map<string, Shown>();

  function rowOf(target: Target): Row {
    const parts = { own: targetLabels(target), special: undefined, resource: target.others, scope: [] };
    const labels = createSeriesLabels({ labelOf, ...parts });
    return family.row(labels(noAttributes), 0, 1);
  }

  return Object.freeze({
    entered(target: Target) {
      if (target.job === '' || target.instance === '') return;
      const shown = byTarget.get(keyOf(target));
      if (shown === undefined) byTarget.set(keyOf(target), { row: rowOf(target), target, targets: new Set([target]) });
      else shown.targets.add(target);
    },
    left(target: Target) {
      const shown = byTarget.get(keyOf(target));
      if (shown === undefined || !shown.targets.delete(target) || shown.target !== target) return;
      family.drop(shown.row);
      const [next] = shown.targets;
      if (next === undefined) byTarget.delete(keyOf(target));
      else byTarget.set(keyOf(target), { row: rowOf(next), target: next, targets: shown.targets });
    },
  });
}

function keyOf({ job, instance }: Target): string {
  return JSON.stringify([job, instance]);
}
