/** Batches without some of their resources and metrics. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { resourceAt, scopeAt } from '../../../formats/otlp/batch/batch-index.ts';
import { BatchBuilder } from '../../../formats/otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../../formats/otlp/batch/rewrite/build-again.ts';
import { metricsOf, resourcesOf, scopesOf } from '../../../formats/otlp/batch/walk.ts';
import type { Memos } from './memos.ts';
import { type NameTest, nameTest } from './name-test.ts';

export interface Kept {
  /** Of a resource, by its attributes. Absent: all are. */
  readonly resource?: ((attributes: Uint8Array) => boolean) | undefined;
  /** Of a metric, by its name. Absent: all are. */
  readonly metric?: ((name: string) => boolean) | undefined;
}

/** Undefined: nothing is left. A batch that loses nothing is handed back as it is; another one is valid until the next call. */
export type Drop = (batch: Batch) => Batch | undefined;

/**
 * Where there is a rule, a resource that has no scopes goes, and where there is one for metrics, a scope that has none. So it is
 * in the Collector. Undefined: there is no rule, and nothing goes.
 */
export function createDrop(memos: Memos, { resource, metric }: Kept): Drop | undefined {
  if (resource === undefined && metric === undefined) return undefined;
  const builder = new BatchBuilder();
  const resources = resource && memos.create((attributes) => Uint8Array.of(resource(attributes) ? 1 : 0));
  const isKept = metric && nameTest(memos, metric);

  function keepsResource({ index, view }: Batch, r: number): boolean {
    return (
      resources?.flag(view, index[r + resourceAt.attributesFrom] as number, index[r + resourceAt.attributesTo] as number) ?? true
    );
  }

  return (batch) => {
    if (losesNothing(batch, keepsResource, isKept)) return batch;
    builder.clear();
    const left = buildAgain(builder, batch, {
      resource: (r) => (keepsResource(batch, r) ? undefined : false),
      metric(m) {
        if (isKept?.(batch, m) === false) return false;
        builder.metric(m);
        return true;
      },
      empty: (part) => part === 'scope' && isKept === undefined,
    });
    return left ? builder.end() : undefined;
  };
}

function losesNothing(batch: Batch, keepsResource: (batch: Batch, r: number) => boolean, isKept: NameTest | undefined): boolean {
  const { index } = batch;
  for (const r of resourcesOf(batch)) {
    if (index[r + resourceAt.end] === r + resourceAt.size || !keepsResource(batch, r)) return false;
    if (isKept === undefined) continue;
    for (const s of scopesOf(batch, r)) {
      if (index[s + scopeAt.end] === s + scopeAt.size) return false;
      for (const m of metricsOf(batch, s)) if (!isKept(batch, m)) return false;
    }
  }
  return true;
}
