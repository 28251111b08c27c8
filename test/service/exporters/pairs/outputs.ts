/** What exporters have written, as points' texts. */
import { type PointText, pointText } from './senders.ts';

interface Pair {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}
interface Request {
  readonly resourceMetrics?: readonly {
    readonly resource: { readonly attributes: readonly Pair[] };
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly gauge: { readonly dataPoints: readonly { readonly attributes: readonly Pair[]; readonly asDouble: number }[] };
      }[];
    }[];
  }[];
}

/** Of OTLP in JSON. */
export function pointsOfRequest({ resourceMetrics = [] }: Request): readonly PointText[] {
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) => {
    const service = textsOf(resource.attributes)['service.name'] as string;
    return scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, gauge }) =>
        gauge.dataPoints.map(({ attributes, asDouble }) => pointText(service, name, textsOf(attributes), asDouble)),
      ),
    );
  });
}

function textsOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value.stringValue]));
}

/** A file of `file`. */
export function pointsOfFile(text: string): readonly PointText[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => pointsOfRequest(JSON.parse(line)));
}

/** What `debug` prints in `normal`. */
export function pointsOfDebug(text: string): readonly PointText[] {
  const points: PointText[] = [];
  let service = '';
  for (const line of text.split('\n')) {
    service = /^ResourceMetrics #\d+ service\.name=(\S+)$/.exec(line)?.[1] ?? service;
    const [, name, pairs = '', value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const attributes = pairs.split(',').map((pair) => pair.split('=') as [string, string]);
    points.push(pointText(service, name, Object.fromEntries(attributes), Number(value)));
  }
  return points;
}

/** A page of `prometheus`. */
export function pointsOfPage(text: string): readonly PointText[] {
  return [...text.matchAll(/^(d\w+)\{(.*)\} (\S+)$/gm)].map(([, name = '', pairs = '', value]) => {
    const { job = '', ...labels } = Object.fromEntries(
      [...pairs.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, label]) => [key, label]),
    );
    return pointText(job, name, labels, Number(value));
  });
}
