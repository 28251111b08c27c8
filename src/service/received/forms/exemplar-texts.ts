/**
 * The labels that exemplars have beside their ids, as rows keep them. Those of a point are worked out once, for its row's shape
 * and for its cells.
 */
import { ExemplarRoom } from '../../../core/naming/index.ts';
import { textRoom } from '../../../core/store/cells/exemplar-text.ts';
import { LabelWriter, lengthAt, valuesEnd } from '../../../core/store/labels/label-bytes.ts';
import { resized } from '../../../core/tables/resized.ts';
import type { Batch } from '../../../formats/otlp/batch/batch.ts';
import { type ExemplarOffsets, exemplarOffsets, readExemplar } from '../../../formats/otlp/batch/batch-exemplars.ts';
import { pointAt } from '../../../formats/otlp/batch/batch-index.ts';
import type { Group } from '../resources/groups.ts';

/** Memory for texts that is kept; what a point with more needs is freed with it. */
const mostKeptBytes = 65_536;
const bytesOfId = { trace: 16, span: 8 } as const;
const offsets = exemplarOffsets();

/** A class, so that nothing is made for exemplars without attributes. */
class ExemplarTexts {
  /** Of all exemplars of the point, one behind the other. */
  writer = new LabelWriter();
  private count = 0;
  /** By exemplar, where its text ends. */
  private ends = new Int32Array(16);
  /** By exemplar, how many labels had no room in it. */
  private left = new Int32Array(16);
  private readonly room = new ExemplarRoom();
  private batch: Batch | undefined;
  private point = 0;
  private group: Group | undefined;

  /** Bytes of the room that a row needs for the point's exemplars. */
  roomOf(batch: Batch, point: number, group: Group): number {
    this.read(batch, point, group);
    let longest = 0;
    for (let exemplar = 0; exemplar < this.count; exemplar++)
      longest = Math.max(longest, this.end(exemplar) - this.start(exemplar));
    return textRoom(longest);
  }

  /** Valid until the next point is read. */
  read(batch: Batch, point: number, group: Group): void {
    if (this.batch === batch && this.point === point && this.group === group) return;
    this.batch = batch;
    this.point = point;
    this.group = group;
    this.writer.length = 0;
    this.count = 0;
    const to = batch.index[point + pointAt.exemplarsTo] as number;
    for (let from = batch.index[point + pointAt.exemplarsFrom] as number; from < to; ) {
      from = readExemplar(batch, from, offsets);
      if (this.count === this.ends.length) this.grow();
      this.left[this.count] = offsets.attributesFrom === 0 ? 0 : this.write(batch, offsets, group);
      this.ends[this.count++] = this.writer.length;
    }
  }

  /** Nothing of the batch outlives it here. */
  forget(): void {
    this.batch = undefined;
    this.group = undefined;
    if (this.writer.bytes.length > mostKeptBytes) this.writer = new LabelWriter();
  }

  start(exemplar: number): number {
    return exemplar === 0 ? 0 : (this.ends[exemplar - 1] as number);
  }

  end(exemplar: number): number {
    return this.ends[exemplar] as number;
  }

  leftOut(exemplar: number): number {
    return this.left[exemplar] as number;
  }

  private grow(): void {
    this.ends = resized(this.ends, this.count * 2);
    this.left = resized(this.left, this.count * 2);
  }

  /** Returns how many labels have no room. */
  private write({ bytes }: Batch, { traceId, spanId, attributesFrom, attributesTo }: ExemplarOffsets, group: Group): number {
    const { writer, room } = this;
    const { names, bytes: values } = group.exemplarLabels(bytes, attributesFrom, attributesTo);
    room.begin(hasId(bytes, traceId, bytesOfId.trace), hasId(bytes, spanId, bytesOfId.span));
    let left = 0;
    let at = 0;
    for (const name of names) {
      const end = valuesEnd(values, at, 1);
      if (room.takes(name, pointsIn(values, end - lengthAt(values, at), end))) {
        writer.string(name);
        writer.copy(values, at, end);
      } else left++;
      at = end;
    }
    return left;
  }
}

/** One for all: the second pass reads one point at a time. */
export const exemplarTexts = new ExemplarTexts();

/** One of zeros is none (trace.proto: "An ID with all zeroes … is considered invalid"). @param at 0: the field is absent */
export function hasId(bytes: Uint8Array, at: number, length: number): boolean {
  if (at === 0) return false;
  for (let offset = at; offset < at + length; offset++) if (bytes[offset] !== 0) return true;
  return false;
}

/** Code points of UTF-8: bytes that continue none. */
function pointsIn(bytes: Uint8Array, from: number, to: number): number {
  let points = 0;
  for (let at = from; at < to; at++) if (((bytes[at] as number) & 0xc0) !== 0x80) points++;
  return points;
}
