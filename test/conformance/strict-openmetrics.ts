/** An exposition as Python's `prometheus-client` reads it; its OpenMetrics parser is the strictest one there is. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ForeignSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Type of the family that the parser puts the sample into. */
  readonly type: string;
  readonly exemplar: ForeignExemplar | null;
}

export interface ForeignExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

const script = fileURLToPath(new URL('./strict-openmetrics.py', import.meta.url));

/** The samples in their order; throws with the parser's own words when it refuses the text. */
export function parseWithPython(python: string, text: string | Uint8Array, format: 'openmetrics' | 'text'): ForeignSample[] {
  const run = spawnSync(python, [script, format], { input: text, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (run.status !== 0)
    throw new Error(`prometheus-client refuses it: ${run.stderr.trim().split('\n').at(-1) ?? run.error?.message}`);
  const samples = JSON.parse(run.stdout) as [string, Record<string, string>, number | string, string, ForeignExemplar | null][];
  return samples.map(([name, labels, value, type, exemplar]) => ({ name, labels, value: toNumber(value), type, exemplar }));
}

function toNumber(value: number | string): number {
  if (typeof value === 'number') return value;
  return value === 'NaN' ? Number.NaN : value === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
