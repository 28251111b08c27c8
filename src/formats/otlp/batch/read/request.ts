/** `ExportMetricsServiceRequest` into the index, from the outside in, in slices. */

import { lengthOf, varintOf } from '../../wire/protobuf-tags.ts';
import { content, fields, notCanonical, varint, wire } from '../../wire/varint.ts';
import { resourceAt, scopeAt } from '../batch-index.ts';
import { depths, type Level, type Levels } from './level.ts';
import { data, metric, openMetric } from './metric.ts';
import type { Reading } from './reading.ts';

const requestFields = fields(1);
const branchFields = fields(1, 2, 3);
const resourceFields = fields(1, 2, 3);
const entityFields = fields(1, 2, 3, 4);
const scopeFields = fields(1, 2, 3, 4);

/** The result of reading on: `notCanonical` is protobuf in no regular form, or none. */
export type Progress = 'done' | 'paused' | 'odd';

/**
 * Reads on as far as the first field that ends beyond the offset `until`. It takes less than 10 ms for 64 KiB, whatever they are.
 */
export function readRequest(levels: Levels, until: number): Progress {
  while (levels.depth >= 0) {
    const level = levels.all[levels.depth] as Level;
    if (level.at >= level.to && levels.depth < depths.metric) close(levels);
    else if (level.at >= until) return 'paused';
    else {
      const at = fieldsOf(levels, level, until);
      if (at === notCanonical) return 'odd';
      level.at = at;
    }
  }
  return 'done';
}

/** Reads fields of the innermost message until one is opened in it. */
function fieldsOf(levels: Levels, level: Level, until: number): number {
  const { depth } = levels;
  if (depth === depths.data) return data(levels, level, until);
  if (depth === depths.metric) return metric(levels, level, until);
  if (depth === depths.request) return request(levels, level, until);
  return branch(levels, level, until, depth === depths.scope ? scopeBranch : resourceBranch);
}

/** `metric` and `data` do it themselves. */
function close(levels: Levels): void {
  const { depth, all } = levels;
  if (depth === depths.scope) all[depth].close(scopeAt.end);
  else if (depth === depths.resource) all[depth].close(resourceAt.end);
  levels.depth = depth - 1;
}

function request(levels: Levels, { at: from, to }: Level, until: number): number {
  const { reading } = levels;
  const { bytes } = reading;
  let at = from;
  while (at < to && at < until) {
    if (bytes[at] === lengthOf(1)) {
      const start = content(bytes, at + 1, to);
      if (start === notCanonical) return notCanonical;
      openBranch(levels, depths.resource, resourceAt.size, start, wire.end);
      return wire.end;
    }
    at = reading.skip(at, to, requestFields);
    if (at === notCanonical) return notCanonical;
  }
  return at;
}

/** What `ResourceMetrics` and `ScopeMetrics` have alike: field 1 is their owner, 2 what they hold, 3 the owner's schema URL. */
interface Branch {
  readonly schemaUrlFrom: number;
  readonly owner: (reading: Reading, from: number, to: number, level: Level) => boolean;
  /** Opens a child. False: `notCanonical`. */
  readonly child: (levels: Levels, from: number, to: number, until: number) => boolean;
  /** The schema URL, in the reason of a rejection. */
  readonly schemaUrl: string;
}

const resourceBranch: Branch = {
  schemaUrlFrom: resourceAt.schemaUrlFrom,
  owner: resource,
  child: (levels, from, to) => openBranch(levels, depths.scope, scopeAt.size, from, to),
  schemaUrl: "a resource's schema URL",
};
const scopeBranch: Branch = {
  schemaUrlFrom: scopeAt.schemaUrlFrom,
  owner: scope,
  child: openMetric,
  schemaUrl: "a scope's schema URL",
};

function openBranch(
  levels: Levels,
  depth: typeof depths.resource | typeof depths.scope,
  size: number,
  from: number,
  to: number,
): true {
  levels.reading.element(from);
  levels.all[depth].open(size, from, to);
  levels.depth = depth;
  return true;
}

function branch(levels: Levels, level: Level, until: number, { schemaUrlFrom, owner, child, schemaUrl }: Branch): number {
  const { depth, reading } = levels;
  const { bytes } = reading;
  const { to } = level;
  let { at } = level;
  while (at < to && at < until && levels.depth === depth) {
    const tag = bytes[at] as number;
    if (tag !== lengthOf(1) && tag !== lengthOf(2) && tag !== lengthOf(3)) {
      at = reading.skip(at, to, branchFields);
      if (at === notCanonical) return notCanonical;
      continue;
    }
    const start = content(bytes, at + 1, to);
    if (start === notCanonical) return notCanonical;
    at = wire.end;
    if (tag === lengthOf(2)) {
      if (!child(levels, start, at, until)) return notCanonical;
    } else if (tag === lengthOf(3)) level.string(schemaUrlFrom, start, at, schemaUrl);
    else if (level.hasOwner || !owner(reading, start, at, level)) return notCanonical;
    else level.hasOwner = true;
  }
  return at;
}

function resource(reading: Reading, from: number, to: number, level: Level): boolean {
  const { bytes } = reading;
  level.range(resourceAt.from, from, to);
  reading.parts = 0;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag === lengthOf(1)) at = level.attributes(resourceAt.attributesFrom, at, to, tag);
    else {
      reading.part(at);
      if (tag === varintOf(2)) at = varint(bytes, at + 1, to);
      else if (tag === lengthOf(3)) at = entity(reading, at + 1, to);
      else at = reading.skip(at, to, resourceFields);
    }
    if (at === notCanonical) return false;
  }
  return true;
}

/** An `EntityRef`, which nothing here reads, from its length: four strings, or unknown fields. */
function entity(reading: Reading, from: number, to: number): number {
  const { bytes } = reading;
  let at = content(bytes, from, to);
  if (at === notCanonical) return notCanonical;
  const { end } = wire;
  while (at < end) {
    const tag = bytes[at] as number;
    const isString = tag === lengthOf(1) || tag === lengthOf(2) || tag === lengthOf(3) || tag === lengthOf(4);
    reading.part(at);
    if (isString) at = content(bytes, at + 1, end) === notCanonical ? notCanonical : wire.end;
    else at = reading.skip(at, end, entityFields);
    if (at === notCanonical) return notCanonical;
  }
  return end;
}

function scope(reading: Reading, from: number, to: number, level: Level): boolean {
  const { bytes } = reading;
  level.range(scopeAt.from, from, to);
  reading.parts = 0;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    reading.part(at);
    if (tag === lengthOf(1) || tag === lengthOf(2)) {
      const start = content(bytes, at + 1, to);
      if (start === notCanonical) return false;
      at = wire.end;
      if (tag === lengthOf(1)) level.string(scopeAt.nameFrom, start, at, "a scope's name");
      else level.string(scopeAt.versionFrom, start, at, "a scope's version");
    } else if (tag === lengthOf(3)) at = level.attributes(scopeAt.attributesFrom, at, to, tag);
    else if (tag === varintOf(4)) at = varint(bytes, at + 1, to);
    else at = reading.skip(at, to, scopeFields);
    if (at === notCanonical) return false;
  }
  return true;
}
