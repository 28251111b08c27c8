/** A processor that runs, for tests: requests in, what it hands on out. */
import assert from 'node:assert/strict';
import { readTree } from '../../../src/core/config/read-tree.ts';
import { type Findings, wrong } from '../../../src/core/config/schema/schema.ts';
import { type Batch, readBatch } from '../../../src/formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../../src/formats/otlp/json/to-protobuf.ts';
import type { Exporter, ProcessorContext, ProcessorFactory, Verdict } from '../../../src/service/component.ts';
import { components } from '../../../src/service/components.ts';
import { defaultLimits } from '../../../src/service/limits.ts';
import { createMemoryBudget } from '../../../src/service/memory/budget.ts';
import { pointNode, wholeBatch } from '../../formats/otlp/whole-batch.ts';

function factoryOf(type: string): ProcessorFactory {
  const found = components.find((one) => one.kind === 'processor' && one.type === type);
  assert.ok(found?.kind === 'processor');
  return found;
}

/** The settings of a file, or each problem as `KEYS: GOT: RULE`. */
export function settingsOf(
  type: string,
  yaml: string,
): { readonly settings: unknown; readonly problems: readonly string[]; readonly warnings: readonly string[] } {
  const findings: Findings = { problems: [], warnings: [] };
  const read = readTree('f', yaml, 'collector');
  assert.deepEqual(read.problems, []);
  const settings = factoryOf(type).schema.read({ tree: read.tree, keys: '' }, findings);
  const problems = findings.problems.map(({ at, got, rule }) => `${at.replace(/^\S+ ?/, '')}: ${got}: ${rule}`);
  assert.equal(settings === wrong && problems.length === 0, false);
  return { settings, problems, warnings: findings.warnings };
}

export interface Rig {
  readonly processor: Exporter;
  /** Each batch that it handed on, as a tree. */
  readonly batches: ReturnType<typeof treeOf>[];
  readonly lines: string[];
  /** Points that it has dropped, batch by batch. */
  readonly filtered: number[];
  /** OTLP's JSON. */
  send(request: object): ReturnType<Exporter['consume']>;
}

export function rig(
  type: string,
  yaml: string,
  next: (batch: Batch) => Verdict = () => undefined,
  over: Partial<ProcessorContext> = {},
): Rig {
  const { settings, problems } = settingsOf(type, yaml);
  assert.deepEqual(problems, []);
  const batches: ReturnType<typeof treeOf>[] = [];
  const lines: string[] = [];
  const filtered: number[] = [];
  const say = (line: string) => void lines.push(line);
  const context: ProcessorContext = {
    id: type,
    log: { debug() {}, info: say, warn: say, error: say },
    refusal: (kind, message) => say(`${kind}: ${message}`),
    listening() {},
    fail(error) {
      throw error;
    },
    clock: Date.now,
    limits: defaultLimits,
    memory: createMemoryBudget(defaultLimits.maxMemory),
    filtered: (points) => void filtered.push(points),
    next(batch) {
      batches.push(treeOf(batch));
      return next(batch);
    },
    ...over,
  };
  const processor = factoryOf(type).create(settings, context);
  return { processor, batches, lines, filtered, send: (request) => processor.consume(batchOf(request)) };
}

export function batchOf(request: object): Batch {
  return readBatch(jsonToProtobuf(Buffer.from(JSON.stringify(request))));
}

/** All of a batch, by its index; the index is the one that reading its bytes gives. */
export function treeOf(batch: Batch) {
  const copy = Uint8Array.from(batch.bytes);
  const index = batch.index.slice(0, batch.length);
  const tree = wholeBatch(batch, (point, type) => pointNode(batch, point, type)) as Tree;
  const read = readBatch(copy);
  assert.equal(read.points, batch.points);
  assert.deepEqual([...index], [...read.index.subarray(0, read.length)]);
  return tree;
}

interface Value {
  readonly key: string;
  readonly value?: Readonly<Record<string, unknown>>;
}
export type Tree = readonly {
  readonly attributes: readonly Value[];
  readonly scopes: readonly {
    readonly metrics: readonly { readonly name: string; readonly points: readonly { readonly attributes: readonly Value[] }[] }[];
  }[];
}[];

/** A request of one gauge `m` whose point has these attributes, of a resource that has the others. */
export function requestWith(point: readonly object[], resource: readonly object[] = [], name = 'm') {
  const metrics = [{ name, gauge: { dataPoints: [{ asInt: '1', timeUnixNano: '5', attributes: point }] } }];
  return { resourceMetrics: [{ resource: { attributes: resource }, scopeMetrics: [{ metrics }] }] };
}

/** `KEY=VALUE` each, a value with the name of its field: `k=s:a`, `i:1`, `b:true`, `d:0.5`. */
export function shortOf(attributes: readonly Value[]): string {
  return attributes.map(({ key = '', value }) => `${key}=${shortValue(value)}`).join(' ');
}

function shortValue(value: Readonly<Record<string, unknown>> = {}): string {
  const [field, content] = Object.entries(value)[0] ?? ['empty', ''];
  const text =
    typeof content === 'object' ? JSON.stringify(content, (_, one) => (typeof one === 'bigint' ? Number(one) : one)) : content;
  return `${field[0]}:${text}`;
}
