/** A `MetricFamily` around the metrics of a block: what comes before them, and its length, which is known after them. */
import type { SeriesNames } from '../../../../core/naming/index.ts';
import type { FamilySpec } from '../../../../core/store/index.ts';
import { ByteBuffer } from '../bytes/byte-buffer.ts';
import { unitOf } from '../lines/metadata.ts';
import { familyTag, typeOfKind } from './fields.ts';
import { putTextField, putVarintField } from './wire.ts';

/**
 * The family's length is a varint of five bytes, of which a small one does not need all: readers take that (protobuf.dev,
 * "Encoding": a varint is up to ten bytes; Go's `binary.Uvarint` reads so), and so it is put in its place when the family is
 * written, whatever its length.
 */
const lengthBytes = 5;

/**
 * Bytes reserved for the length, name, help, type and unit. A counter's name is that of its series, with `_total`, as
 * client_golang writes it.
 */
export function familyHead(spec: FamilySpec, names: SeriesNames): Uint8Array {
  const out = new ByteBuffer(256);
  out.length = lengthBytes;
  putTextField(out, familyTag.name, names.series);
  if (spec.help !== '') putTextField(out, familyTag.help, spec.help);
  out.reserve(lengthBytes);
  putVarintField(out, familyTag.type, typeOfKind[spec.kind]);
  const unit = unitOf(spec, names.openMetrics);
  if (unit !== '') putTextField(out, familyTag.unit, unit);
  return out.bytes.subarray(0, out.length);
}

/** Puts the length of a family in its place. `size`: bytes of the whole, its length included. */
export function putFamilyLength(body: Uint8Array, at: number, size: number): void {
  let rest = size - lengthBytes;
  for (let index = 0; index < lengthBytes; index++) {
    body[at + index] = (rest % 128) | (index < lengthBytes - 1 ? 128 : 0);
    rest = Math.floor(rest / 128);
  }
}
