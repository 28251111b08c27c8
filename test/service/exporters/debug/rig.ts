/** A debug exporter and what it writes, for tests. */
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { type Batch, readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';
import type { Exporter, ExporterContext } from '../../../../src/service/component.ts';
import type { DebugSettings } from '../../../../src/service/exporters/debug/config.ts';
import { createDebug } from '../../../../src/service/exporters/debug/create.ts';
import { createMemoryBudget } from '../../../../src/service/memory/budget.ts';
import { createLogger } from '../../../../src/service/telemetry/create-logger.ts';
import { requestOf, type SentPoint } from '../../received/sender.ts';

const fixtures = new URL('../../../fixtures/collector/debug/', import.meta.url);

/** A file of the fixtures: the Collector wrote the texts of the request. */
export function fixture(name: string): string {
  return readFileSync(new URL(name, fixtures), 'utf8');
}

export function batchOf(json: string): Batch {
  return readBatch(jsonToProtobuf(Buffer.from(json)));
}

/** One gauge `name` with so many points, of 0, 1, … */
export function gauges(name: string, count: number): Batch {
  const points = Array.from({ length: count }, (_, int): SentPoint => ({ int, time: 1_500_000_000 }));
  return readBatch(requestOf({ metrics: [{ name, type: 'gauge', points }] }));
}

export interface Rig {
  readonly exporter: Exporter;
  stdout(): string;
  stderr(): string;
  readonly refusals: readonly string[];
  /** Moves the clock on. */
  pass(ms: number): void;
}

/** @param terminal in place of `stdout` */
export function rig(over: Partial<DebugSettings>, memory = createMemoryBudget(2 ** 30), terminal?: Writable): Rig {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) =>
    new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        written[name] += chunk;
        done();
      },
    });
  const refusals: string[] = [];
  const streams = { stdout: terminal ?? stream('stdout'), stderr: stream('stderr') };
  let now = 0;
  const clock = () => now;
  const context = {
    id: 'debug',
    log: createLogger({ out: streams.stderr, level: 'info', encoding: 'console', clock }),
    refusal: (kind: string, message: string) => void refusals.push(`${kind}: ${message}`),
    clock,
    memory,
    ...streams,
  } as Partial<ExporterContext> as ExporterContext;
  const byDefault: DebugSettings = {
    verbosity: 'detailed',
    sampling_initial: 2,
    sampling_thereafter: 1,
    use_internal_logger: false,
    output_paths: ['stdout'],
  };
  return {
    exporter: createDebug({ ...byDefault, ...over }, context),
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    refusals,
    pass(ms) {
      now += ms;
    },
  };
}
