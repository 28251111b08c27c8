/** `Metric` of metrics.proto into the index, with its points. `notCanonical`: not in regular form, or no protobuf. */
import { visible } from '../../../../core/errors/visible.ts';
import { lengthOf, varintOf } from '../../wire/protobuf-tags.ts';
import { content, fields, notCanonical, varint, wire } from '../../wire/varint.ts';
import { metricAt, metricType, strideOf } from '../batch-index.ts';
import { depths, type Level, type Levels } from './level.ts';
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

/**
 * Reads on in a metric, with its data. Where it is whole, it is closed. The offset after what was read of its own, or
 * `notCanonical`.
 */
export function metric(levels: Levels, level: Level, until: number): number {
  const { bytes } = levels.reading;
  const { to } = level;
  let { at } = level;
  while (at < to && at < until && levels.depth === depths.metric) {
    at = field(levels, level, bytes[at] as number, at, to, until);
    if (at === notCanonical) return notCanonical;
  }
  if (at >= to && levels.depth === depths.metric) closeMetric(levels, level);
  return at;
}

/** Opens it, and reads it as far as `until`. False: `notCanonical`. */
export function openMetric(levels: Levels, from: number, to: number, until: number): boolean {
  levels.reading.element(from);
  const level = levels.all[depths.metric];
  level.open(metricAt.size, from, to);
  level.range(metricAt.from, from, to);
  levels.depth = depths.metric;
  level.at = metric(levels, level, until);
  return level.at !== notCanonical;
}

function closeMetric(levels: Levels, level: Level): void {
  const { reading } = levels;
  levels.depth = depths.scope;
  if (level.wasFine && reading.why !== undefined) reading.why = `${nameOf(reading.bytes, level)}: ${reading.why}`;
  level.close(metricAt.end);
}

/** The offset after a field, or `notCanonical`. */
function field(levels: Levels, level: Level, tag: number, at: number, to: number, until: number): number {
  const { reading } = levels;
  const { bytes } = reading;
  if (tag === METADATA) return level.attributes(metricAt.metadataFrom, at, to, tag);
  const type = typeOf(tag);
  if (type === metricType.none && tag !== NAME && tag !== DESCRIPTION && tag !== UNIT) return reading.skip(at, to, known);
  const start = content(bytes, at + 1, to);
  if (start === notCanonical) return notCanonical;
  const { end } = wire;
  if (tag === NAME) level.string(metricAt.nameFrom, start, end, "a metric's name");
  else if (tag === DESCRIPTION) level.string(metricAt.descriptionFrom, start, end, "a metric's description");
  else if (tag === UNIT) level.string(metricAt.unitFrom, start, end, "a metric's unit");
  else if (level.get(metricAt.type) !== metricType.none || !openData(levels, level, type, start, end, until)) return notCanonical;
  return end;
}

function typeOf(tag: number): number {
  const number = tag >> 3;
  const isData = number === 5 || number === 7 || number === 9 || number === 10 || number === 11;
  return isData && tag === lengthOf(number) ? number : metricType.none;
}

/** `Gauge`, `Sum` and so on, whose fields have the same numbers. */
function openData(levels: Levels, metric: Level, type: number, from: number, to: number, until: number): boolean {
  metric.set(metricAt.type, type);
  metric.set(metricAt.stride, strideOf(type));
  const level = levels.all[depths.data];
  level.at = from;
  level.to = to;
  level.type = type;
  level.kind = kindOf(type);
  levels.depth = depths.data;
  level.at = data(levels, level, until);
  return level.at !== notCanonical;
}

/**
 * Reads on in a metric's data, as far as the first point that ends beyond `until`. The offset after what was read, or
 * `notCanonical`.
 */
export function data(levels: Levels, level: Level, until: number): number {
  const { reading } = levels;
  const { bytes } = reading;
  const { to, type, kind } = level;
  const metric = levels.all[depths.metric];
  const hasTemporality = type !== metricType.gauge && type !== metricType.summary;
  const ownFields = type === metricType.sum ? dataFields : hasTemporality ? pointsAndTemporality : pointsOnly;
  let { at } = level;
  while (at < to && at < until) {
    const tag = bytes[at] as number;
    if (tag === POINT) {
      const start = content(bytes, at + 1, to);
      if (start === notCanonical) return notCanonical;
      at = wire.end;
      if (!counted(reading, kind, start, at)) return notCanonical;
    } else if (tag === TEMPORALITY && hasTemporality) {
      at = varint(bytes, at + 1, to);
      metric.set(metricAt.temporality, wire.low);
    } else if (tag === MONOTONIC && type === metricType.sum) {
      at = varint(bytes, at + 1, to);
      metric.set(metricAt.monotonic, wire.low === 0 && wire.high === 0 ? 0 : 1);
    } else at = reading.skip(at, to, ownFields);
    if (at === notCanonical) return notCanonical;
  }
  if (at >= to) levels.depth = depths.metric;
  return at;
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
