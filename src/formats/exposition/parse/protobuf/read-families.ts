/**
 * Prometheus' protobuf: `io.prometheus.client.MetricFamily` messages, each behind its length as a varint
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). The rest of an exposition behind bytes that are no such message
 * is not read.
 */
import type { Kind } from '../../../../core/naming/kind.ts';
import { createFingerprintSet, hashed, hashSample, hashSeries } from '../fingerprints.ts';
import { createHeldBytes } from '../held-bytes.ts';
import { faultOf, type ParsedSample, type Report } from '../parsed.ts';
import { markOf, repeatedFault } from '../repeated.ts';
import { type Family, readFamily } from './messages.ts';
import { samplesOf } from './samples.ts';

const mostMessageBytes = 32 * 1024 * 1024;
const mostLengthBytes = 10;
const mostSeries = 1_000_000;

export interface ProtobufSink {
  sample(sample: ParsedSample, family: FamilyHead, line: number): void;
  family(family: FamilyHead): void;
}

interface FamilyHead {
  readonly name: string;
  readonly kind: Kind | undefined;
  readonly typed: boolean;
  readonly help: string | undefined;
  readonly unit: string | undefined;
}

export interface ProtobufReader {
  write(chunk: Uint8Array): void;
  end(): void;
}

export function createProtobufReader(report: Report, sink: ProtobufSink): ProtobufReader {
  const names = new Set<string>();
  /** Each with its place among the samples of its family, as `markOf` has it. */
  const series = createFingerprintSet(mostSeries, { hasMarks: true });
  const held = createHeldBytes();
  /** Bytes that the next message needs with its length; 0 while that is not known. */
  let wanted = 0;
  let message = 0;
  /** Place of the next message in the exposition. */
  let place = 0;
  let broken = false;

  function write(chunk: Uint8Array): void {
    if (broken || chunk.length === 0) return;
    held.add(chunk);
    if (held.length < wanted) return;
    const bytes = held.bytes();
    let at = 0;
    while (!broken && at < bytes.length) {
      const next = one(bytes, at);
      if (next === undefined) break;
      at = next;
    }
    held.drop(broken ? held.length : at);
  }

  /** The place behind the message; undefined where it has not all come. */
  function one(bytes: Uint8Array, from: number): number | undefined {
    let length = 0;
    let at = from;
    for (let power = 1; ; power *= 128) {
      if (at === bytes.length) {
        wanted = 0;
        return undefined;
      }
      const byte = bytes[at++] as number;
      length += (byte & 127) * power;
      if (byte < 128) break;
      if (at - from === mostLengthBytes) return stop('protobuf-wire', 'a length of more than 10 bytes');
    }
    if (length > mostMessageBytes) return stop('limit-message', `${length} bytes`);
    wanted = at - from + length;
    if (bytes.length - at < length) return undefined;
    message++;
    family(bytes, at, at + length);
    place += wanted;
    wanted = 0;
    return at + length;
  }

  function stop(id: 'protobuf-wire' | 'limit-message', got: string): undefined {
    broken = true;
    report(message + 1, faultOf(id, place + 1, got), true);
  }

  function family(bytes: Uint8Array, from: number, to: number): void {
    let read: Family;
    try {
      read = readFamily(bytes, from, to);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      report(message, faultOf('protobuf-wire', place + 1, error.message), true);
      broken = true;
      return;
    }
    show(read);
  }

  function show(read: Family): void {
    const line = message;
    const fault = (id: Parameters<typeof faultOf>[0], got: string, rejected = false): void =>
      report(line, faultOf(id, place + 1, got), rejected);
    const head: FamilyHead = { name: read.name, kind: read.kind, typed: true, help: read.help, unit: read.unit };
    if (read.name === '') fault('name-metric', 'no name', true);
    if (read.kind === undefined) fault('protobuf-type', `type ${read.type}`, read.metrics.length > 0);
    if (names.has(read.name)) fault('family-apart', read.name);
    else if (names.size < 100_000) names.add(read.name);
    let at = 0;
    for (const sample of samplesOf(read, fault)) {
      at++;
      sink.sample(sample, head, line);
      hashSeries(sample.labels, undefined);
      hashSample(sample.name, sample.timestamp);
      const mark = markOf(sample, at);
      if (series.add(hashed.all1, hashed.all2, mark) === false) {
        const before = series.markOf(hashed.all1, hashed.all2);
        report(line, { ...repeatedFault(sample, mark, before, 'in sample'), column: place + 1 });
      }
    }
    series.clear();
    sink.family(head);
  }

  return {
    write,
    end() {
      if (!broken && held.length > 0)
        report(message + 1, faultOf('protobuf-wire', place + 1, 'the exposition ends inside a message'), true);
    },
  };
}
