/** `Resource`, with its entities, and `InstrumentationScope` as JSON. */
import type { Batch } from '../batch/batch.ts';
import { resourceAt, scopeAt } from '../batch/batch-index.ts';
import type { ByteSink } from '../wire/byte-sink.ts';
import { lengthOf, varintOf } from '../wire/protobuf-tags.ts';
import { content, unknown, varint, wire } from '../wire/varint.ts';
import { endList, endObject, put, putComma, putInt32, putString, type Words, words } from './json-text.ts';
import { putAttributes } from './put-values.ts';

const attributes = words(',"attributes":');
const droppedAttributesCount = words(',"droppedAttributesCount":');
const entityRefs = words(',"entityRefs":');
const name = words(',"name":');
const version = words(',"version":');
/** The fields of `EntityRef`, in order; the last two are lists. */
const entity = [words(',"schemaUrl":'), words(',"type":'), words(',"idKeys":'), words(',"descriptionKeys":')] as const;
const firstList = 2;

export function putResource(sink: ByteSink, batch: Batch, r: number): void {
  const { index } = batch;
  const from = index[r + resourceAt.from] as number;
  const to = index[r + resourceAt.to] as number;
  const object = sink.at;
  putAttributes(
    sink,
    batch,
    attributes,
    index[r + resourceAt.attributesFrom] as number,
    index[r + resourceAt.attributesTo] as number,
  );
  putDropped(sink, batch, varintOf(2), from, to);
  let list = 0;
  for (let at = from; at < to; ) {
    if (batch.bytes[at] !== lengthOf(3)) {
      at = unknown(batch.bytes, at, to, 0);
      continue;
    }
    const start = content(batch.bytes, at + 1, to);
    at = wire.end;
    if (list === 0) {
      put(sink, entityRefs);
      list = sink.at;
    }
    putComma(sink);
    putEntity(sink, batch, start, at);
  }
  if (list !== 0) endList(sink, list);
  endObject(sink, object);
}

export function putScope(sink: ByteSink, batch: Batch, s: number): void {
  const { index } = batch;
  const at = (column: number) => index[s + column] as number;
  const object = sink.at;
  putText(sink, batch, name, at(scopeAt.nameFrom), at(scopeAt.nameTo));
  putText(sink, batch, version, at(scopeAt.versionFrom), at(scopeAt.versionTo));
  putAttributes(sink, batch, attributes, at(scopeAt.attributesFrom), at(scopeAt.attributesTo));
  putDropped(sink, batch, varintOf(4), at(scopeAt.from), at(scopeAt.to));
  endObject(sink, object);
}

function putText(sink: ByteSink, batch: Batch, member: Words, from: number, to: number): void {
  if (from === to) return;
  put(sink, member);
  putString(sink, batch, from, to);
}

/** The last `uint32` of this tag. */
function putDropped(sink: ByteSink, { bytes }: Batch, tag: number, from: number, to: number): void {
  let count = 0;
  for (let at = from; at < to; ) {
    if (bytes[at] !== tag) at = unknown(bytes, at, to, 0);
    else {
      at = varint(bytes, at + 1, to);
      count = wire.low;
    }
  }
  if (count === 0) return;
  put(sink, droppedAttributesCount);
  putInt32(sink, count);
}

function putEntity(sink: ByteSink, batch: Batch, from: number, to: number): void {
  const object = sink.at;
  for (const [offset, member] of entity.entries()) {
    if (offset < firstList) putLast(sink, batch, member, lengthOf(offset + 1), from, to);
    else putAll(sink, batch, member, lengthOf(offset + 1), from, to);
  }
  endObject(sink, object);
}

/** A string, of which the last one counts. */
function putLast(sink: ByteSink, batch: Batch, member: Words, tag: number, from: number, to: number): void {
  let start = 0;
  let end = 0;
  for (let at = from; at < to; ) {
    if (batch.bytes[at] !== tag) at = unknown(batch.bytes, at, to, 0);
    else {
      start = content(batch.bytes, at + 1, to);
      at = end = wire.end;
    }
  }
  putText(sink, batch, member, start, end);
}

function putAll(sink: ByteSink, batch: Batch, member: Words, tag: number, from: number, to: number): void {
  let list = 0;
  for (let at = from; at < to; ) {
    if (batch.bytes[at] !== tag) {
      at = unknown(batch.bytes, at, to, 0);
      continue;
    }
    if (list === 0) {
      put(sink, member);
      list = sink.at;
    }
    const start = content(batch.bytes, at + 1, to);
    at = wire.end;
    putComma(sink);
    putString(sink, batch, start, at);
  }
  if (list !== 0) endList(sink, list);
}
