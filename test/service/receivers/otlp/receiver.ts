/** The receiver behind real sockets, with a pipeline that remembers what came. */
import type { TestContext } from 'node:test';
import type { Tree } from '../../../../src/core/config/tree.ts';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { createMetricsWriter, encodeAttributes } from '../../../../src/formats/otlp/index.ts';
import { jsonOf } from '../../../../src/formats/otlp/json/from-protobuf.ts';
import type { Consume, ReceiverContext } from '../../../../src/service/component.ts';
import { defaultLimits } from '../../../../src/service/limits.ts';
import { createMemoryBudget, type MemoryBudget } from '../../../../src/service/memory/budget.ts';
import { otlpSchema } from '../../../../src/service/receivers/otlp/config.ts';
import { createOtlpReceiver } from '../../../../src/service/receivers/otlp/create.ts';

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export interface Received {
  /** `127.0.0.1:PORT` of each protocol. */
  readonly http: string;
  readonly grpc: string;
  /** Points of each batch. */
  readonly batches: number[];
  readonly accepted: Record<string, number>;
  readonly refused: Record<string, number>;
  readonly failed: Record<string, number>;
  /** By kind. */
  readonly refusals: Record<string, number>;
  readonly warnings: string[];
  readonly listening: string[];
  stop(): Promise<void>;
}

function treeOf(value: Plain): Tree {
  const at = 'test.yaml:1:1';
  if (value === null) return { kind: 'nothing', at };
  if (typeof value !== 'object') return { kind: 'scalar', at, value, text: String(value), alsoText: false };
  if (Array.isArray(value)) return { kind: 'list', at, items: value.map(treeOf) };
  const entries = new Map(Object.entries(value).map(([key, below]) => [key, { at, value: treeOf(below) }]));
  return { kind: 'section', at, entries };
}

export function readSettings(settings: Plain) {
  const findings = { problems: [], warnings: [] as string[] };
  const read = otlpSchema.read({ tree: treeOf(settings), keys: '' }, findings);
  return { read, ...findings };
}

/** Both protocols on free ports of 127.0.0.1, unless the settings say otherwise. */
export async function startReceiver(
  t: TestContext,
  protocols: { readonly http?: Plain; readonly grpc?: Plain } = {},
  next: Consume = () => undefined,
  memory: MemoryBudget = createMemoryBudget(defaultLimits.maxMemory),
): Promise<Received> {
  const endpoint = { endpoint: '127.0.0.1:0' };
  const { read, problems } = readSettings({
    protocols: { http: { ...endpoint, ...(protocols.http as object) }, grpc: { ...endpoint, ...(protocols.grpc as object) } },
  });
  if (typeof read === 'symbol' || problems.length > 0) throw new Error(JSON.stringify(problems));
  const seen = {
    batches: [] as number[],
    accepted: {},
    refused: {},
    failed: {},
    refusals: {},
    warnings: [] as string[],
    listening: [] as string[],
  };
  const add = (to: Record<string, number>, key: string, count: number) => {
    to[key] = (to[key] ?? 0) + count;
  };
  const ignore = () => {};
  const context: ReceiverContext = {
    id: 'otlp',
    log: { debug: ignore, info: ignore, warn: (line) => seen.warnings.push(line), error: (line) => seen.warnings.push(line) },
    refusal: (kind, _message, times = 1) => add(seen.refusals, kind, times),
    listening: (where) => seen.listening.push(where),
    fail: ignore,
    clock: Date.now,
    limits: defaultLimits,
    memory,
    accepted: (transport, points) => add(seen.accepted, transport, points),
    refused: (transport, points) => add(seen.refused, transport, points),
    failed: (transport, points) => add(seen.failed, transport, points),
    next(batch) {
      seen.batches.push(batch.points);
      return next(batch);
    },
  };
  const receiver = createOtlpReceiver(read, context);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= receiver.shutdown());
  t.after(stop);
  await receiver.start();
  const at = (protocol: string) =>
    seen.listening.map((where) => new RegExp(`^${protocol}://([^/]+)`).exec(where)?.[1]).find((host) => host !== undefined) ?? '';
  return { ...seen, http: at('http'), grpc: at('grpc'), stop };
}

const anything = {
  attributes: Number.POSITIVE_INFINITY,
  valueBytes: Number.POSITIVE_INFINITY,
  buckets: Number.POSITIVE_INFINITY,
};

/** A request of so many points of one gauge. */
export function request(points: number, encoding: 'protobuf' | 'json' = 'protobuf', attribute = 'v'): Buffer {
  const writer = createMetricsWriter({ points: points + 1, bytes: 1e9 });
  const attributes = encodeAttributes({ k: attribute });
  writer.resource({ attributes: encodeAttributes({ 'service.name': 'test' }) });
  writer.scope({ name: 's' });
  writer.metric({ name: 'm', type: 'gauge', description: '', unit: '1', temporality: 'cumulative', monotonic: false });
  for (let at = 0; at < points; at++)
    writer.number({ attributes, from: 0, to: attributes.length, startMs: 1_000, timeMs: 2_000 + at }, at);
  const bytes = writer.end()[0]?.bytes ?? new Uint8Array(0);
  return Buffer.from(encoding === 'json' ? jsonOf(readBatch(bytes, anything)) : bytes);
}
