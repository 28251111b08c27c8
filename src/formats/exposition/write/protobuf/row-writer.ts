/** Writes one row as a message `Metric`: its labels, and the message of its kind. The hot loop of a rendering. */
import type { Kind } from '../../../../core/naming/index.ts';
import { exemplarAt, type FamilyView } from '../../../../core/store/index.ts';
import type { ByteBuffer } from '../bytes/byte-buffer.ts';
import type { ExemplarLabels } from '../exemplar-labels.ts';
import type { RowWriter } from '../rows/write-row.ts';
import type { CoarseRows } from './coarse-rows.ts';
import { mostExemplar, putExemplar } from './exemplar.ts';
import { familyTag, metricTag, numberTag } from './fields.ts';
import { histogramMessage } from './histogram.ts';
import { summaryMessage } from './summary.ts';
import { mostTimestamp, putStart } from './timestamp.ts';
import type { ValueMessage } from './value-message.ts';
import { mostDouble, mostVarint, Nested, putDoubleField, putVarintField } from './wire.ts';

/** Of `Metric`, of the message in it, and of the time: fields and lengths. */
const around = 4 * mostVarint + 2 * mostVarint;
const none = -1;

export interface ProtobufRow {
  readonly writer: RowWriter;
  /** Bytes of a row at most, besides its labels. */
  readonly most: number;
}

/**
 * @param powers exponents of the powers of two by which exponential buckets are shown besides
 * @param coarse takes the rows whose buckets cannot be shown. Default: they stay where they are.
 */
export function protobufRow(
  family: FamilyView,
  powers: readonly number[],
  exemplarLabels: ExemplarLabels,
  coarse?: CoarseRows,
): ProtobufRow {
  const value = messageOf(family, powers, exemplarLabels, () => coarse?.mark());
  const { timestamp } = family.rowLayout;
  const most = around + value.most;
  const metric = new Nested();
  const inside = new Nested();

  const writer: RowWriter = (out, labels, cells, cellAt, family, row) => {
    labels.reserve(out, most);
    const from = out.length;
    const message = metric.open(out, familyTag.metric);
    labels.append(out, 0);
    const content = inside.open(out, value.tag);
    if (!value.write(out, cells, cellAt, family, row)) {
      out.length = from;
      return 0;
    }
    inside.close(out, content);
    if (timestamp !== undefined) putTime(out, cells[cellAt + timestamp] as number);
    metric.close(out, message);
    coarse?.take(out, from);
    return value.samples;
  };
  return { writer, most };
}

/** 0: unknown. */
function putTime(out: ByteBuffer, timeMs: number): void {
  if (timeMs > 0) putVarintField(out, metricTag.timestampMs, Math.floor(timeMs));
}

function messageOf(
  family: FamilyView,
  powers: readonly number[],
  exemplarLabels: ExemplarLabels,
  coarse: () => void,
): ValueMessage {
  const { rowLayout } = family;
  switch (rowLayout.form) {
    case 'number':
      return family.spec.kind === 'counter' ? counterMessage(family, exemplarLabels) : numberMessage(family.spec.kind);
    case 'summary':
      return summaryMessage(rowLayout);
    case 'histogram':
    case 'exponential':
      return histogramMessage(rowLayout, powers, exemplarLabels, coarse);
  }
}

function numberMessage(kind: Kind): ValueMessage {
  return {
    tag: kind === 'unknown' ? metricTag.untyped : metricTag.gauge,
    most: mostDouble,
    samples: 1,
    write(out, cells, cellAt) {
      putDoubleField(out, numberTag.value, cells[cellAt] as number);
      return true;
    },
  };
}

/** A counter that is NaN or negative is not shown, as in text. */
function counterMessage({ rowLayout }: FamilyView, exemplarLabels: ExemplarLabels): ValueMessage {
  const exemplar = rowLayout.exemplars > 0 ? exemplarAt(rowLayout, 0) : none;
  return {
    tag: metricTag.counter,
    most: mostDouble + mostTimestamp + mostExemplar(rowLayout),
    samples: 1,
    write(out, cells, cellAt, family, row) {
      const value = cells[cellAt] as number;
      if (!(value >= 0)) return false;
      putDoubleField(out, numberTag.value, value);
      if (exemplar !== none) putExemplar(out, numberTag.exemplar, cells, cellAt + exemplar, exemplarLabels);
      putStart(out, numberTag.created, cells, cellAt, family, row);
      return true;
    },
  };
}
