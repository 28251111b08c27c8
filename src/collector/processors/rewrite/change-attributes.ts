/** Batches with other attributes: of resources, or of the points of some metrics. */
import type { Batch } from '../../../otlp/batch/batch.ts';
import { metricAt, metricType, pointAt, resourceAt } from '../../../otlp/batch/batch-index.ts';
import { BatchBuilder } from '../../../otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../../otlp/batch/rewrite/build-again.ts';
import { pointsOf } from '../../../otlp/batch/rewrite/places.ts';
import { walk } from '../../../otlp/batch/walk.ts';
import { lengthOf } from '../../../otlp/wire/protobuf-tags.ts';
import type { ChangeAttributes } from '../actions/compile.ts';
import { Memo } from './memo.ts';
import type { NameTest } from './name-test.ts';

/** The batch that it returns is valid until it is called again. */
export type Rewrite = (batch: Batch) => Batch;

/** Room for a batch's index that is kept, in ints. */
const keptInts = 2 ** 20;
const resourceTag = lengthOf(1);
/** The kind of attributes that stay as they are. No tag of attributes is 0. */
const asTheyAre = 0;

/** Gives each resource the attributes that `change` makes of its own. */
export function changeResources(change: ChangeAttributes): Rewrite {
  const builder = new BatchBuilder();
  const memo = new Memo((bytes) => change(bytes, resourceTag));
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
export function changePoints(change: ChangeAttributes, isNamed: NameTest): Rewrite {
  const builder = new BatchBuilder();
  // By the tag of the attributes, which is not there to be seen where there are none.
  const memo = new Memo(change);

  function metric(batch: Batch, m: number): true {
    const { index, view } = batch;
    const type = index[m + metricAt.type] as number;
    if (type === metricType.none || !isNamed(batch, m)) {
      builder.metric(m);
      return true;
    }
    const { places, attribute } = pointsOf(type);
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

/**
 * The same, without writing a point: the batch's places of attributes are those of what was made of them (`Batch.pointAttributes`). Undefined where
 * a batch has more than is remembered at a time: then it takes `changePoints`.
 */
export function changePlaces(change: ChangeAttributes, isNamed: NameTest): (batch: Batch) => Batch | undefined {
  const memo = new Memo((attributes, tag) => (tag === asTheyAre ? attributes : change(attributes, tag)));
  let places = new Int32Array(0);
  let lasting = {};

  function metric(batch: Batch, m: number): void {
    const { index, view } = batch;
    const type = index[m + metricAt.type] as number;
    if (type === metricType.none) return;
    const kind = isNamed(batch, m) ? pointsOf(type).attribute : asTheyAre;
    const stride = index[m + metricAt.stride] as number;
    for (let p = m + metricAt.size; p < (index[m + metricAt.end] as number); p += stride) {
      memo.find(view, index[p + pointAt.attributesFrom] as number, index[p + pointAt.attributesTo] as number, kind);
      const { from, to } = memo;
      places[p + pointAt.attributesFrom] = from === to ? 0 : from;
      places[p + pointAt.attributesTo] = from === to ? 0 : to;
    }
  }

  return (batch) => {
    const { bytes, view, index, length, points } = batch;
    const { forgotten } = memo;
    if (places.length < length || places.length > Math.max(2 * length, keptInts)) places = new Int32Array(length);
    places.set(index.subarray(0, length));
    walk(batch, { metric: (m) => metric(batch, m) });
    if (memo.forgotten !== forgotten) {
      lasting = {};
      return undefined;
    }
    const pointAttributes = { bytes: memo.bytes, view: memo.view, lasting };
    return Object.freeze({ bytes, view, index: places, length, points, rejected: 0, why: undefined, pointAttributes });
  };
}
