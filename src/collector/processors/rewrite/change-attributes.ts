/** Batches with other attributes: of resources, or of the points of some metrics. */
import type { Batch } from '../../../otlp/batch.ts';
import { metricAt, metricType, pointAt, resourceAt } from '../../../otlp/batch-index.ts';
import { lengthOf } from '../../../otlp/protobuf-tags.ts';
import type { ChangeAttributes } from '../actions/compile.ts';
import { BatchBuilder } from './batch-builder.ts';
import { copyScopes } from './copy.ts';
import { Memo } from './memo.ts';
import type { NameTest } from './name-test.ts';
import { pointsOf } from './places.ts';

/** The batch that it returns is valid until it is called again. */
export type Rewrite = (batch: Batch) => Batch;

const resourceTag = lengthOf(1);

/** Gives each resource the attributes that `change` makes of its own. */
export function changeResources(change: ChangeAttributes): Rewrite {
  const builder = new BatchBuilder();
  const memo = new Memo((bytes) => change(bytes, resourceTag));
  return (batch) => {
    const { index, length, view } = batch;
    builder.begin(batch);
    for (let r = 0; r < length; r = index[r + resourceAt.end] as number) {
      const { from, to } = memo.find(view, index[r + resourceAt.attributesFrom] as number, index[r + resourceAt.attributesTo] as number);
      const resource = builder.openResource(r, { view: memo.view, from, to });
      copyScopes(builder, batch, r, (m) => builder.metric(m));
      builder.closeResource(resource);
    }
    return builder.end();
  };
}

/** Gives each point of the metrics that are named the attributes that `change` makes of its own. */
export function changePoints(change: ChangeAttributes, isNamed: NameTest): Rewrite {
  const builder = new BatchBuilder();
  /** By the tag of the attributes, which is not there to be seen where there are none. */
  const memos = new Map<number, Memo>();

  function memoOf(tag: number): Memo {
    const known = memos.get(tag);
    if (known !== undefined) return known;
    const memo = new Memo((bytes) => change(bytes, tag));
    memos.set(tag, memo);
    return memo;
  }

  function metric(batch: Batch, m: number): void {
    const { index, view } = batch;
    const type = index[m + metricAt.type] as number;
    if (type === metricType.none || !isNamed(batch, m)) {
      builder.metric(m);
      return;
    }
    const { places, attribute } = pointsOf(type);
    const memo = memoOf(attribute);
    const open = builder.openMetric(m);
    const stride = index[m + metricAt.stride] as number;
    for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += stride) {
      const { from, to } = memo.find(view, index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number);
      builder.point(p, stride, places, memo.view, from, to);
    }
    builder.closeMetric(open);
  }

  return (batch) => {
    const { index, length } = batch;
    builder.begin(batch);
    for (let r = 0; r < length; r = index[r + resourceAt.end] as number) {
      const resource = builder.openResource(r, undefined);
      copyScopes(builder, batch, r, (m) => metric(batch, m));
      builder.closeResource(resource);
    }
    return builder.end();
  };
}
