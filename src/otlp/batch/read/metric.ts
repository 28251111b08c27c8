/** `Metric` of metrics.proto into the index, with its points. False: not in regular form, or no protobuf. */
import { visible } from '../../../errors/visible.ts';
import { lengthOf, varintOf } from '../../wire/protobuf-tags.ts';
import { content, fields, odd, unknown, varint, wire } from '../../wire/varint.ts';
import { metricAt, metricType, strideOf } from '../batch-index.ts';
import { Level } from './level.ts';
import { type PointKind, point } from './point.ts';
import { kindOf } from './point-kinds.ts';
import type { Reading } from './reading.ts';

const NAME = lengthOf(1);
const DESCRIPTION = lengthOf(2);
const UNIT = lengthOf(3);
const METADATA = lengthOf(12);
const POINT = lengthOf(1);
const TEMPORALITY = varintOf(2);
const MONOTONIC = varintOf(3);
const known = fields(1, 2, 3, 5, 7, 9, 10, 11, 12);
const dataFields = fields(1, 2, 3);
const pointsOnly = fields(1);
const pointsAndTemporality = fields(1, 2);
/** Characters of a metric's name in the reason of a rejection. */
const shownName = 100;
const decoder = new TextDecoder();

export function metric(reading: Reading, from: number, to: number): boolean {
  const { bytes } = reading;
  const wasFine = reading.why === undefined;
  const level = new Level(reading, metricAt.size);
  level.range(metricAt.from, from, to);
  for (let at = from; at < to; ) {
    at = field(reading, level, bytes[at] as number, at, to);
    if (at === odd) return false;
  }
  if (wasFine && reading.why !== undefined) reading.why = `${nameOf(bytes, level)}: ${reading.why}`;
  level.close(metricAt.end);
  return true;
}

/** The place behind a field, or `odd`. */
function field(reading: Reading, level: Level, tag: number, at: number, to: number): number {
  const { bytes } = reading;
  if (tag === METADATA) return level.attributes(metricAt.metadataFrom, at, to, tag);
  const type = typeOf(tag);
  if (type === metricType.none && tag !== NAME && tag !== DESCRIPTION && tag !== UNIT) return unknown(bytes, at, to, known);
  const start = content(bytes, at + 1, to);
  if (start === odd) return odd;
  const { end } = wire;
  if (tag === NAME) level.string(metricAt.nameFrom, start, end, "a metric's name");
  else if (tag === DESCRIPTION) level.string(metricAt.descriptionFrom, start, end, "a metric's description");
  else if (tag === UNIT) level.string(metricAt.unitFrom, start, end, "a metric's unit");
  else if (level.get(metricAt.type) !== metricType.none || !data(reading, level, type, start, end)) return odd;
  return end;
}

function typeOf(tag: number): number {
  const number = tag >> 3;
  const isData = number === 5 || number === 7 || number === 9 || number === 10 || number === 11;
  return isData && tag === lengthOf(number) ? number : metricType.none;
}

/** `Gauge`, `Sum` and so on, whose fields have the same numbers. */
function data(reading: Reading, level: Level, type: number, from: number, to: number): boolean {
  const { bytes } = reading;
  level.set(metricAt.type, type);
  level.set(metricAt.stride, strideOf(type));
  const kind = kindOf(type);
  const hasTemporality = type !== metricType.gauge && type !== metricType.summary;
  const ownFields = type === metricType.sum ? dataFields : hasTemporality ? pointsAndTemporality : pointsOnly;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag === POINT) {
      const start = content(bytes, at + 1, to);
      if (start === odd) return false;
      at = wire.end;
      if (!counted(reading, kind, start, at)) return false;
    } else if (tag === TEMPORALITY && hasTemporality) {
      at = varint(bytes, at + 1, to);
      level.set(metricAt.temporality, wire.low);
    } else if (tag === MONOTONIC && type === metricType.sum) {
      at = varint(bytes, at + 1, to);
      level.set(metricAt.monotonic, wire.low === 0 && wire.high === 0 ? 0 : 1);
    } else at = unknown(bytes, at, to, ownFields);
    if (at === odd) return false;
  }
  return true;
}

function counted(reading: Reading, kind: PointKind, from: number, to: number): boolean {
  if (!point(reading, kind, from, to)) return false;
  if (reading.wasRefused()) reading.rejected++;
  else reading.points++;
  return true;
}

function nameOf(bytes: Uint8Array, level: Level): string {
  const from = level.get(metricAt.nameFrom);
  const text = decoder.decode(bytes.subarray(from, Math.min(level.get(metricAt.nameTo), from + shownName)));
  return `metric ${visible(JSON.stringify(text))}`;
}
