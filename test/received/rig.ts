/** Received series over a store, for tests: names and labels as they were sent, and what is shown as plain data. */
import { decodeAttributes } from '../../src/otlp/attributes.ts';
import { readBatch } from '../../src/otlp/batch.ts';
import { createReceived, type ReceivedEvent, type ReceivedGroup, type ReceivedLimits, type Resolve } from '../../src/received/index.ts';
import { createStore, type Family, readExemplars, readExponential, type StoredExemplar, type View } from '../../src/store/index.ts';
import { keyValues, requestOf, type SentMetric, type SentPoint, type SentResource } from './sender.ts';

/** The labels of a test's series are its attributes, with the resource's `job` where it has one. */
export interface RigOptions {
  readonly limits?: Partial<ReceivedLimits>;
  readonly expireAfterMs?: number;
  readonly exemplars?: boolean;
  readonly timestamps?: boolean;
  /** Families at most. */
  readonly families?: number;
}

export function createRig({
  limits = {},
  expireAfterMs = 300_000,
  exemplars = false,
  timestamps = false,
  families = 1e6,
}: RigOptions = {}) {
  const store = createStore();
  const source = store.source({ scope: { name: 'received' } });
  const groups = new Map<string, ReceivedGroup & { first?: Family; metrics: number }>();
  const log: string[] = [];
  const events: ReceivedEvent[] = [];
  const clock = { now: 0 };
  let open = 0;

  function groupOf(name: string, kind: ReceivedGroup['kind']) {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const group: ReceivedGroup & { first?: Family; metrics: number } = {
      name,
      kind,
      exemplars,
      metrics: 0,
      open(shape, labels) {
        if (open >= families) return undefined;
        open++;
        const spec = { ...shape, name, unit: '', help: '', labels, timestamps, maxAgeMs: Number.POSITIVE_INFINITY };
        const family = source.family(spec, true, group.first);
        group.first ??= family;
        log.push(`open ${name}`);
        const end = family.end.bind(family);
        family.end = () => {
          log.push(`end ${name}`);
          open--;
          end();
        };
        return family;
      },
    };
    groups.set(name, group);
    return group;
  }

  const resolve: Resolve = (resource) => {
    const job = attributesOf(resource).job;
    return {
      scope: () => ({
        metric({ name, type, monotonic }) {
          const kind = type === 'sum' ? (monotonic ? 'counter' : 'updowncounter') : type === 'exponentialHistogram' ? 'histogram' : type;
          const group = groupOf(name, kind);
          if (group.kind !== kind) return { reason: 'type_conflict' };
          group.metrics++;
          return {
            group,
            labels(attributes) {
              const labels = Object.entries({ ...attributesOf(attributes), ...(job !== undefined && { job }) }).sort(([a], [b]) =>
                a < b ? -1 : 1,
              );
              return { names: labels.map(([label]) => label), values: labels.map(([, value]) => value) };
            },
            left() {
              group.metrics--;
              if (group.metrics === 0) groups.delete(name);
              log.push(`left ${name}`);
            },
          };
        },
      }),
      entered: () => void log.push(`entered ${job ?? ''}`),
      left: () => void log.push(`left ${job ?? ''}`),
    };
  };

  const received = createReceived({
    resolve,
    limits,
    expireAfterMs,
    clock: () => clock.now,
    meet: 'newest',
    tell: (event) => events.push(event),
  });

  return {
    received,
    store,
    clock,
    log,
    events,
    groups,
    send: (...resources: SentResource[]) => received.take(readBatch(requestOf(...resources))),
    /** Points of one metric of one resource. */
    points: (metric: Omit<SentMetric, 'points'>, ...points: SentPoint[]) =>
      received.take(readBatch(requestOf({ metrics: [{ ...metric, points }] }))),
    shown: () => shownBy(store.view),
  };
}

/** Every attribute of these fields whose value is a string; of a resource its attributes, which have field 1. */
function attributesOf(bytes: Uint8Array): { [name: string]: string; job?: string } {
  const names: { [name: string]: string; job?: string } = {};
  for (const [name, value] of decodeAttributes(canonical(bytes))) names[name] = String(value);
  return names;
}

/** `decodeAttributes` knows one tag. */
function canonical(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  for (let at = 0; at < copy.length; at += 2 + (copy[at + 1] as number)) copy[at] = (keyValues(7, { a: '' }) as number[])[0] as number;
  return copy;
}

export interface ShownExemplars {
  readonly [bucket: number]: StoredExemplar;
}

/** What a walk shows: `name{label="value"}` and the value cells; of exponential histograms count, sum and what their buckets are. */
export function shownBy(view: View): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  view.walk({
    family: () => true,
    row(family, row, _generation, cellAt) {
      const { names, values } = family.labels(row);
      const labels = names.map((name, index) => `${name}="${values[index]}"`).join(',');
      const key = `${family.spec.name}{${labels}}`;
      if (key in shown) throw new Error(`${key} is shown twice`);
      shown[key] = shownValue(family.rowLayout, family.cells, cellAt);
    },
  });
  return shown;
}

function shownValue(layout: Family['rowLayout'], cells: Float64Array, at: number): unknown {
  if (layout.form === 'number') return cells[at];
  if (layout.form !== 'exponential') return [...cells.subarray(at, at + layout.valueCells)];
  const { positive, negative, ...rest } = readExponential(cells, at, layout.shape);
  return {
    ...rest,
    positive: [positive.offset, ...Array.from(positive.counts)],
    negative: [negative.offset, ...Array.from(negative.counts)],
  };
}

export { readExemplars };
