/** The exporter as a configuration makes it, with what it says and counts. */
import type { TestContext } from 'node:test';
import { readTree } from '../../../../src/core/config/read-tree.ts';
import { wrong } from '../../../../src/core/config/schema/index.ts';
import { type Batch, readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import type { Exporter, ExporterContext, QueueState, Storage } from '../../../../src/service/component.ts';
import { type OtlpHttpSettings, otlpHttpSchema } from '../../../../src/service/exporters/otlp-http/config.ts';
import { createOtlpHttp } from '../../../../src/service/exporters/otlp-http/create.ts';
import { createMemoryBudget, type MemoryBudget } from '../../../../src/service/memory/budget.ts';
import { requestOf, type SentMetric } from '../../received/sender.ts';

/** Pauses of a millisecond. */
export const soon = { initial_interval: '1ms', max_interval: '1ms' };

export interface Rig {
  readonly exporter: Exporter;
  readonly lines: readonly string[];
  readonly refusals: readonly string[];
  readonly counts: { readonly sent: number; readonly failed: number; readonly enqueueFailed: number };
  queue(): QueueState;
}

export function settingsOf(config: object): {
  readonly settings: OtlpHttpSettings | undefined;
  readonly problems: readonly string[];
} {
  const read = readTree('config.yaml', JSON.stringify(config), 'collector');
  const findings = { problems: [...read.problems], warnings: [] };
  const settings = otlpHttpSchema.read({ tree: read.tree, keys: '' }, findings);
  const problems = findings.problems.map(({ at, rule }) => `${at}: ${rule}`);
  return { settings: settings === wrong || problems.length > 0 ? undefined : settings, problems };
}

export interface RigOptions {
  readonly noCompaction?: boolean;
  readonly memory?: MemoryBudget;
  /** What every extension stores in. */
  readonly storage?: Storage;
  /** It is replaced, as by a reload. */
  readonly from?: Exporter;
}

export async function startExporter(
  t: TestContext,
  config: object,
  { noCompaction = false, memory = createMemoryBudget(2 ** 30), storage, from }: RigOptions = {},
): Promise<Rig> {
  const { settings, problems } = settingsOf(config);
  if (settings === undefined) throw new Error(problems.join('\n'));
  const lines: string[] = [];
  const refusals: string[] = [];
  const counts = { sent: 0, failed: 0, enqueueFailed: 0 };
  let queue: () => QueueState = () => ({ size: 0, capacity: 0 });
  const line = (text: string) => void lines.push(text);
  const context = {
    id: 'otlp_http',
    log: { debug() {}, info: line, warn: line, error: line },
    refusal: (kind: string, message: string) => void refusals.push(`${kind}: ${message}`),
    clock: Date.now,
    memory,
    configured: () => storage && { storage },
    limits: { noCompaction } as ExporterContext['limits'],
    queues(read: () => QueueState) {
      queue = read;
      return {
        sent(points: number) {
          counts.sent += points;
        },
        failed(points: number) {
          counts.failed += points;
        },
        enqueueFailed(points: number) {
          counts.enqueueFailed += points;
        },
      };
    },
  } as Partial<ExporterContext> as ExporterContext;
  const exporter = createOtlpHttp(settings, context);
  await exporter.start();
  const left = await from?.handOver?.();
  if (left !== undefined) exporter.takeOver?.(left);
  let ended: Promise<void> | undefined;
  const shutdown = () => {
    ended ??= exporter.shutdown();
    return ended;
  };
  t.after(shutdown);
  return { exporter: { ...exporter, shutdown }, lines, refusals, counts, queue: () => queue() };
}

/** One metric's points: `value` at second `time`. */
export function metric(name: string, time: number, int: number, over: Partial<SentMetric> = {}): SentMetric {
  return {
    name,
    type: 'sum',
    temporality: 2,
    monotonic: true,
    points: [{ int, start: 1_000_000_000n, time: BigInt(time) * 1_000_000_000n }],
    ...over,
  };
}

export function batch(...metrics: readonly SentMetric[]): Batch {
  return readBatch(requestOf({ attributes: { 'service.name': 'shop' }, metrics }));
}
