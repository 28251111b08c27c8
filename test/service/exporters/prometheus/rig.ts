/** An exporter that runs, for tests: requests in, text out over a socket. */

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { readTree } from '../../../../src/core/config/read-tree.ts';
import { wrong } from '../../../../src/core/config/schema/schema.ts';
import { readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import type { Exporter, ExporterContext, NotTaken, SeriesState } from '../../../../src/service/component.ts';
import { type PrometheusSettings, prometheusSchema } from '../../../../src/service/exporters/prometheus/config.ts';
import { createPrometheus } from '../../../../src/service/exporters/prometheus/create.ts';
import { defaultLimits, type Limits } from '../../../../src/service/limits.ts';
import { createMemoryBudget, type MemoryBudget } from '../../../../src/service/memory/budget.ts';
import { requestOf, type SentResource } from '../../received/sender.ts';

export const openMetrics = 'application/openmetrics-text;version=1.0.0';

export interface Rig {
  readonly warnings: readonly string[];
  /** Where it listens, as it said. */
  readonly url: string;
  readonly exporter: Exporter;
  readonly memory: MemoryBudget;
  send(...resources: readonly SentResource[]): NotTaken | undefined;
  /** Moves the clock on. */
  pass(ms: number): void;
  get(accept?: string): Promise<Response>;
  /** Sample lines, sorted. */
  samples(accept?: string): Promise<readonly string[]>;
  text(accept?: string): Promise<string>;
  state(): SeriesState;
}

/** Settings of a file that has `endpoint` and these. */
export function settingsOf(over: Partial<PrometheusSettings> = {}): PrometheusSettings {
  const { tree } = readTree('test.yaml', 'endpoint: 127.0.0.1:0', 'collector');
  const settings = prometheusSchema.read({ tree, keys: '' }, { problems: [], warnings: [] });
  if (settings === wrong) throw new Error('the settings are wrong');
  return { ...settings, ...over };
}

export async function startExporter(
  t: TestContext,
  over: Partial<PrometheusSettings> = {},
  limits: Partial<Limits> = {},
): Promise<Rig> {
  const warnings: string[] = [];
  let now = 1_000_000;
  let url = '';
  let read: (() => SeriesState) | undefined;
  const log = {
    debug() {},
    info() {},
    warn: (line: string) => void warnings.push(line),
    error: (line: string) => void warnings.push(line),
  };
  const all = { ...defaultLimits, ...limits };
  const memory = createMemoryBudget(all.maxMemory);
  const context: ExporterContext = {
    id: 'prometheus',
    log,
    refusal: () => {},
    listening(where) {
      url = where;
    },
    fail(error) {
      throw error;
    },
    clock: Date.now,
    limits: all,
    memory,
    stdout: process.stdout,
    stderr: process.stderr,
    queues: () => ({ sent() {}, failed() {}, enqueueFailed() {} }),
    observed(reader) {
      read = reader;
    },
  };
  const exporter = createPrometheus(settingsOf(over), context, () => now);
  await exporter.start();
  t.after(() => exporter.shutdown());

  const get = (accept = 'text/plain') => fetch(url, { headers: { accept } });
  const text = async (accept?: string) => (await get(accept)).text();
  return {
    warnings,
    url,
    exporter,
    memory,
    send(...resources) {
      const verdict = exporter.consume(readBatch(requestOf(...resources)));
      assert.ok(!(verdict instanceof Promise));
      return verdict;
    },
    pass(ms) {
      now += ms;
    },
    get,
    text,
    async samples(accept) {
      const lines = (await text(accept)).split('\n');
      return lines.filter((line) => line !== '' && !line.startsWith('#')).sort();
    },
    state: () => (read as () => SeriesState)(),
  };
}
