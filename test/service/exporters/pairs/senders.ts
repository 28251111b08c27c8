/** Six daemons whose requests differ in size, and what they have sent. No two points have one value. */
import { jsonToProtobuf } from '../../../../src/formats/otlp/json/to-protobuf.ts';

/** A point as a text: whose it is, its name, its attributes, its value. */
export type PointText = string;

export interface Sent {
  readonly all: ReadonlySet<PointText>;
  /** The newest of each series. */
  last(): readonly PointText[];
}

export const senders = 6;
/** Longer than a text that is printed at once. */
const padding = 'x'.repeat(700);

export function pointText(service: string, name: string, attributes: Readonly<Record<string, string>>, value: number): PointText {
  const pairs = Object.entries(attributes).map(([key, text]) => `${key}=${text}`);
  return `${service} ${name} {${pairs.sort().join(',')}} ${value}`;
}

export interface Daemons {
  readonly sent: Sent;
  /** The next request of a daemon. */
  request(daemon: number): Uint8Array;
}

/** What a processor on the way makes of what is sent. */
export interface Change {
  attributes?(own: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  service?(own: string): string;
  /** Whether it lets a metric pass. Default: all do. */
  keeps?(name: string): boolean;
}

export function createDaemons({
  attributes: change = (own) => own,
  service: rename = (own) => own,
  keeps = () => true,
}: Change = {}): Daemons {
  const all = new Set<PointText>();
  const series = new Map<string, PointText>();
  let points = 0;

  function metric(daemon: number, number: number): object {
    points++;
    const service = rename(serviceOf(daemon));
    const name = `d${daemon}_m${number}`;
    const attributes = {
      place: `${'p'.repeat(daemon)}${number}`,
      secret: 's'.repeat(number + 1),
      ...(daemon === senders - 1 && { padding }),
    };
    const value = points + 0.5;
    const text = pointText(service, name, change(attributes), value);
    if (keeps(name)) {
      all.add(text);
      series.set(`${service} ${name}`, text);
    }
    const pairs = Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
    return { name, gauge: { dataPoints: [{ timeUnixNano: String(points), asDouble: value, attributes: pairs }] } };
  }

  return {
    sent: { all, last: () => [...series.values()] },
    request(daemon) {
      const metrics = Array.from({ length: 1 + 3 * daemon }, (_, number) => metric(daemon, number));
      const attributes = [{ key: 'service.name', value: { stringValue: serviceOf(daemon) } }];
      const request = { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
      return jsonToProtobuf(Buffer.from(JSON.stringify(request)));
    },
  };
}

function serviceOf(daemon: number): string {
  return `daemon-${'z'.repeat(daemon)}${daemon}`;
}
