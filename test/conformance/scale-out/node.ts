/** `meterbridge serve` in a namespace of its own, with the recipe's `collector.yaml`; it also writes what it takes to a file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { folderWith } from '../../examples/example.ts';
import { command } from '../../tools/cli/run-command.ts';
import type { Child } from '../child.ts';
import type { Host } from './namespaces.ts';

export interface Node {
  readonly host: Host;
  readonly child: Child;
  /** What it has taken, as it came; whole once it has ended. */
  taken(): readonly Taken[];
}

export interface Taken {
  readonly instance: string;
  readonly value: number;
}

export interface NodeOptions {
  /** `metric_expiration`, as the Collector writes durations. */
  readonly expiration: string;
  /** Others of the command. */
  readonly options?: readonly string[];
}

const configuration = join(import.meta.dirname, '../../../deploy/collector.yaml');

export async function startNode(t: TestContext, host: Host, { expiration, options = [] }: NodeOptions): Promise<Node> {
  const { file } = folderWith(t, 'taken.jsonl', '');
  const settings = [
    `exporters.prometheus.metric_expiration=${expiration}`,
    `exporters.file.path=${file}`,
    'service.pipelines.metrics.exporters=[prometheus,file]',
  ].flatMap((setting) => ['--set', setting]);
  const args = [...command, 'serve', '--config', configuration, ...settings, ...options];
  const child = host.start(process.execPath, args, { LISTEN_ADDRESS: host.address });
  await child.until('ready', () => child.stderr().includes('Everything is ready.'));
  const lines = () => readFileSync(file, 'utf8').split('\n');
  return {
    host,
    child,
    taken: () =>
      lines()
        .filter((line) => line !== '')
        .flatMap((line) => takenOf(JSON.parse(line))),
  };
}

interface Batch {
  readonly resourceMetrics: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
    };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

interface Metric {
  readonly sum: { readonly dataPoints: readonly { readonly asInt: string }[] };
}

function takenOf({ resourceMetrics }: Batch): readonly Taken[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const instance = resource.attributes.find(({ key }) => key === 'service.instance.id')?.value.stringValue ?? '';
    const points = scopeMetrics.flatMap(({ metrics }) => metrics.flatMap(({ sum }) => sum.dataPoints));
    return points.map(({ asInt }) => ({ instance, value: Number(asInt) }));
  });
}
