/** An exporter `file` in a directory of its own, for tests. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Batch, readBatch } from '../../../../src/formats/otlp/batch/batch.ts';
import { jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';
import type { Exporter, ExporterContext } from '../../../../src/service/component.ts';
import type { FileSettings } from '../../../../src/service/exporters/file/config.ts';
import { createFile } from '../../../../src/service/exporters/file/create.ts';
import { createMemoryBudget } from '../../../../src/service/memory/budget.ts';

export interface Rig {
  readonly exporter: Exporter;
  readonly folder: string;
  readonly path: string;
  /** Names in the directory, in order. */
  names(): readonly string[];
  text(name?: string): string;
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/** 2026-11-23 03:04:05.678 UTC, in milliseconds. */
export const startMs = Date.UTC(2026, 10, 23, 3, 4, 5, 678);
export const rotation = { max_megabytes: 1, max_days: 0, max_backups: 100, localtime: false };

/** @param over `path`: within the directory, or absolute */
export function rig(t: TestContext, over: Partial<FileSettings> = {}, clock: () => number = () => startMs): Rig {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-file-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return rigIn(folder, over, clock);
}

export function rigIn(
  folder: string,
  over: Partial<FileSettings> = {},
  clock: () => number = () => startMs,
  memory = createMemoryBudget(2 ** 30),
): Rig {
  const path = over.path?.startsWith('/') ? over.path : join(folder, over.path ?? 'out.jsonl');
  const refusals: string[] = [];
  const warnings: string[] = [];
  const context = {
    id: 'file',
    log: { info() {}, warn: (message: string) => void warnings.push(message), error() {} },
    refusal: (kind: string, message: string) => void refusals.push(`${kind}: ${message}`),
    clock,
    memory,
  } as unknown as ExporterContext;
  const byDefault: FileSettings = {
    path,
    append: false,
    format: 'json',
    compression: '',
    flush_interval: 10,
    rotation: undefined,
    create_directory: false,
    directory_permissions: '',
  };
  return {
    exporter: createFile({ ...byDefault, ...over, path }, context),
    folder,
    path,
    names: () => readdirSync(folder).sort(),
    text: (name) => readFileSync(name === undefined ? path : join(folder, name), 'utf8'),
    refusals,
    warnings,
  };
}

/** As the Collector writes it: one gauge with so many points. */
export function lineOf(name: string, points = 1): string {
  const dataPoints = Array.from({ length: points }, (_, at) => `{"asInt":"${at}"}`).join(',');
  return `{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{},"metrics":[{"name":"${name}","gauge":{"dataPoints":[${dataPoints}]}}]}]}]}`;
}

export function batchOf(json: string): Batch {
  return readBatch(jsonToProtobuf(Buffer.from(json)));
}

/** A line of a little more than `bytes` bytes. */
export function longLine(name: string, bytes: number): string {
  return lineOf(name, Math.ceil(bytes / 15));
}
