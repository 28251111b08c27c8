/**
 * `target_info`: the attributes of a resource that are no labels of its series, for each `job` and `instance` that are both
 * there. "There MUST be at most one
 * `target` info metric exported for each unique combination of `job` and `instance`" (OpenTelemetry specification, "Resource
 * Attributes").
 */
import type { OnJoined } from '../../../core/naming/index.ts';
import type { Family, Row } from '../../../core/store/store.ts';
import { createSeriesLabels } from './series-labels.ts';
import { type Target, targetLabels } from './target.ts';

/** Resources are distinguished by their owner's keys. */
export interface TargetInfo {
  /** A resource has its first series. */
  entered(resource: object, target: Target): void;
  /**
   * Its last series has gone. `targetOf` is called for another one with the same `job` and `instance`, which is exposed from now
   * on.
   */
  left<R extends object>(resource: R, target: Target, targetOf: (resource: R) => Target): void;
  /** Whether its attributes are the ones that are exposed. */
  shows(resource: object, target: Target): boolean;
  /** Bytes of the heap that it takes. */
  readonly heap: number;
}

interface Shown {
  row: Row;
  resource: object;
  /** Resources that share `job` and `instance` with it, if there is one. */
  others: Set<object> | undefined;
}

const noAttributes = new Uint8Array(0);
/** What a resource takes, beside its key. */
const heapBytes = 150;

/** `onJoined` is called where several attributes of a resource become one label. */
export function createTargetInfo(family: Family, labelOf: (attribute: string) => string, onJoined: OnJoined): TargetInfo {
  const byTarget = new Map<string, Shown>();
  let heap = 0;

  function rowOf(target: Target): Row {
    const parts = { own: targetLabels(target), special: undefined, resource: target.others, scope: [], onJoined };
    const labels = createSeriesLabels({ labelOf, ...parts });
    return family.row(labels(noAttributes), 0, 1);
  }

  return Object.freeze<TargetInfo>({
    entered(resource, target) {
      if (target.job === '' || target.instance === '') return;
      const key = keyOf(target);
      const shown = byTarget.get(key);
      if (shown === undefined) byTarget.set(key, { row: rowOf(target), resource, others: undefined });
      else {
        shown.others ??= new Set();
        shown.others.add(resource);
      }
      heap += heapBytes + key.length;
    },
    left(resource, target, targetOf) {
      const key = keyOf(target);
      const shown = byTarget.get(key);
      if (shown === undefined || (shown.resource !== resource && shown.others?.delete(resource) !== true)) return;
      heap -= heapBytes + key.length;
      if (shown.resource !== resource) return;
      family.drop(shown.row);
      const [next] = (shown.others ?? []) as Iterable<typeof resource>;
      if (next === undefined) byTarget.delete(key);
      else {
        shown.others?.delete(next);
        shown.resource = next;
        shown.row = rowOf(targetOf(next));
      }
    },
    shows: (resource, target) => byTarget.get(keyOf(target))?.resource === resource,
    get heap() {
      return heap;
    },
  });
}

function keyOf({ job, instance }: Target): string {
  return JSON.stringify([job, instance]);
}
