/** `ExportMetricsServiceRequest` into the index, from the outside in. False: not in regular form, or no protobuf. */

import { lengthOf, varintOf } from '../../wire/protobuf-tags.ts';
import { content, fields, odd, unknown, varint, wire } from '../../wire/varint.ts';
import { resourceAt, scopeAt } from '../batch-index.ts';
import { Level } from './level.ts';
import { metric } from './metric.ts';
import type { Reading } from './reading.ts';

const requestFields = fields(1);
const branchFields = fields(1, 2, 3);
const resourceFields = fields(1, 2, 3);
const entityFields = fields(1, 2, 3, 4);
const scopeFields = fields(1, 2, 3, 4);

export function readRequest(reading: Reading): boolean {
  const { bytes } = reading;
  const to = bytes.length;
  for (let at = 0; at < to; ) {
    if (bytes[at] !== lengthOf(1)) {
      at = unknown(bytes, at, to, requestFields);
      if (at === odd) return false;
      continue;
    }
    const start = content(bytes, at + 1, to);
    if (start === odd) return false;
    at = wire.end;
    if (!resourceMetrics(reading, start, at)) return false;
  }
  return true;
}

/** What `ResourceMetrics` and `ScopeMetrics` have alike: field 1 is their owner, 2 what they hold, 3 the owner's schema URL. */
interface Branch {
  readonly columns: { readonly size: number; readonly end: number; readonly schemaUrlFrom: number };
  readonly owner: (reading: Reading, from: number, to: number, level: Level) => boolean;
  readonly child: (reading: Reading, from: number, to: number) => boolean;
  /** The schema URL, in the reason of a rejection. */
  readonly schemaUrl: string;
}

const resourceBranch: Branch = { columns: resourceAt, owner: resource, child: scopeMetrics, schemaUrl: "a resource's schema URL" };
const scopeBranch: Branch = { columns: scopeAt, owner: scope, child: metric, schemaUrl: "a scope's schema URL" };

function resourceMetrics(reading: Reading, from: number, to: number): boolean {
  return branch(reading, from, to, resourceBranch);
}

function scopeMetrics(reading: Reading, from: number, to: number): boolean {
  return branch(reading, from, to, scopeBranch);
}

function branch(reading: Reading, from: number, to: number, { columns, owner, child, schemaUrl }: Branch): boolean {
  const { bytes } = reading;
  const level = new Level(reading, columns.size);
  let hasOwner = false;
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag !== lengthOf(1) && tag !== lengthOf(2) && tag !== lengthOf(3)) {
      at = unknown(bytes, at, to, branchFields);
      if (at === odd) return false;
      continue;
    }
    const start = content(bytes, at + 1, to);
    if (start === odd) return false;
    at = wire.end;
    if (tag === lengthOf(1)) {
      if (hasOwner || !owner(reading, start, at, level)) return false;
      hasOwner = true;
    } else if (tag === lengthOf(3)) level.string(columns.schemaUrlFrom, start, at, schemaUrl);
    else if (!child(reading, start, at)) return false;
  }
  level.close(columns.end);
  return true;
}

function resource(reading: Reading, from: number, to: number, level: Level): boolean {
  const { bytes } = reading;
  level.range(resourceAt.from, from, to);
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag === lengthOf(1)) at = level.attributes(resourceAt.attributesFrom, at, to, tag);
    else if (tag === varintOf(2)) at = varint(bytes, at + 1, to);
    else if (tag === lengthOf(3)) at = entity(bytes, at + 1, to);
    else at = unknown(bytes, at, to, resourceFields);
    if (at === odd) return false;
  }
  return true;
}

/** An `EntityRef`, which nothing here reads, from its length: four strings, or unknown fields. */
function entity(bytes: Uint8Array, from: number, to: number): number {
  let at = content(bytes, from, to);
  if (at === odd) return odd;
  const { end } = wire;
  while (at < end) {
    const tag = bytes[at] as number;
    const isString = tag === lengthOf(1) || tag === lengthOf(2) || tag === lengthOf(3) || tag === lengthOf(4);
    if (isString) at = content(bytes, at + 1, end) === odd ? odd : wire.end;
    else at = unknown(bytes, at, end, entityFields);
    if (at === odd) return odd;
  }
  return end;
}

function scope(reading: Reading, from: number, to: number, level: Level): boolean {
  const { bytes } = reading;
  level.range(scopeAt.from, from, to);
  for (let at = from; at < to; ) {
    const tag = bytes[at] as number;
    if (tag === lengthOf(1) || tag === lengthOf(2)) {
      const start = content(bytes, at + 1, to);
      if (start === odd) return false;
      at = wire.end;
      if (tag === lengthOf(1)) level.string(scopeAt.nameFrom, start, at, "a scope's name");
      else level.string(scopeAt.versionFrom, start, at, "a scope's version");
    } else if (tag === lengthOf(3)) at = level.attributes(scopeAt.attributesFrom, at, to, tag);
    else if (tag === varintOf(4)) at = varint(bytes, at + 1, to);
    else at = unknown(bytes, at, to, scopeFields);
    if (at === odd) return false;
  }
  return true;
}
