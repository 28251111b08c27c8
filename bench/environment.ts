/** Where figures come from: without it they mean nothing. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

export interface Environment {
  readonly date: string;
  readonly node: string;
  readonly v8: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Of the minute before the start: how quiet the machine was. */
  readonly load: number;
  readonly packages: Readonly<Record<string, string>>;
}

const packages = ['prom-client', '@prometheus-io/client', '@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus'];

export function environment(): Environment {
  const all = cpus();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    node: process.version,
    v8: process.versions.v8,
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${process.arch}`,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    packages: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

/** Not through `exports`, which hide the manifest. */
function versionOf(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string }).version;
    } catch {
      // The next folder up.
    }
  }
  return 'not installed';
}

export function environmentLines(env: Environment): readonly string[] {
  const { node, v8, cpu, cores, memoryGiB, system, load } = env;
  return [
    `${env.date} UTC, Node ${node} (V8 ${v8}), ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, load ${load}`,
    Object.entries(env.packages)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ];
}
