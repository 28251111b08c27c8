/** Batches with other attributes: of resources, or of the points of some metrics. */
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { metricAt, metricType, pointAt, resourceAt } from '../../../formats/otlp/batch/batch-index.ts';
import { BatchBuilder } from '../../../formats/otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../../formats/otlp/batch/rewrite/build-again.ts';
import { pointLayoutOf } from '../../../formats/otlp/batch/rewrite/offset-columns.ts';
import { lengthOf } from '../../../formats/otlp/wire/protobuf-tags.ts';
import type { ChangeAttributes } from '../actions/compile.ts';
import type { Memos } from './memos.ts';
import type { NameTest } from './name-test.ts';

/** The batch that it returns is valid until it is called again. */
export type Rewrite = (batch: Batch) => Batch;

const resourceTag = lengthOf(1);

/** Gives each resource the attributes that `change` makes of its own. */
export function changeResources(memos: Memos, change: ChangeAttributes): Rewrite {
  const builder = new BatchBuilder();
  const memo = memos.create((bytes) => change(bytes, resourceTag));
  return (batch) => {
    const { index, view } = batch;
    builder.clear();
    buildAgain(builder, batch, {
      resource(r) {
        memo.find(view, index[r + resourceAt.attributesFrom] as number, index[r + resourceAt.attributesTo] as number);
        return memo;
      },
    });
    return builder.end();
  };
}

/** Gives each point of the metrics that are named the attributes that `change` makes of its own. */
export function changePoints(memos: Memos, change: ChangeAttributes, isNamed: NameTest): Rewrite {
  const builder = new BatchBuilder();
  // By the tag of the attributes, which is not there to be seen where there are none.
  const memo = memos.create(change);

  function metric(batch: Batch, m: number): true {
    const { index, view } = batch;
    const type = index[m + metricAt.type] as number;
    if (type === metricType.none || !isNamed(batch, m)) {
      builder.metric(m);
      return true;
    }
    const { places, attribute } = pointLayoutOf(type);
    const open = builder.openMetric(m);
    const stride = index[m + metricAt.stride] as number;
    for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += stride) {
      memo.find(view, index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number, attribute);
      builder.point(p, stride, places, memo.view, memo.from, memo.to);
    }
    builder.closeMetric(open);
    return true;
  }

  return (batch) => {
    builder.clear();
    buildAgain(builder, batch, { metric: (m) => metric(batch, m) });
    return builder.end();
  };
}
