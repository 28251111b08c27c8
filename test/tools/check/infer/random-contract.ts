/** Contracts of every kind with fast-check, and what a program records of them. */
import fc from 'fast-check';
import { type Contract, capped, contract, identity, type Label, oneOf } from '../../../../src/core/contract/index.ts';

const kinds = ['counter', 'updowncounter', 'gauge', 'histogram', 'summary', 'info'] as const;
const units = ['', 's', 'ms', 'By', '%', 'Cel', '{job}', '1/s', 'By/s', 'm'];
const words = ['wait', 'queue', 'jobs', 'size', 'time', 'seconds', 'bytes', 'total', 'count', 'ratio', 'per'];
const labelNames = ['status', 'route', 'host', 'code', 'zone', 'http.method', 'a_b', 'Zone', 'reason', 'twice__under'];

/** Whatever a program may say: quotes, line ends, other scripts. */
const text = fc.string({
  unit: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('a', 'b', '7') },
    fc.constantFrom('"', '\\', '\n', ' ', 'é', '😀', '{', '=', '#'),
  ),
  maxLength: 12,
});
const value = text.map((given) => given.trim()).filter((given) => given !== '' && given !== 'other');
const values = (most: number) => fc.uniqueArray(value, { minLength: 1, maxLength: most });

const label: fc.Arbitrary<Label> = fc.oneof(
  values(10).map((set) => oneOf(...set)),
  fc.record({ optional: fc.boolean() }).map((bound) => capped({ limit: 200, ...bound })),
  fc.record({ optional: fc.boolean() }).map((bound) => identity({ limit: 200, ...bound })),
);

const bounds = fc.uniqueArray(fc.oneof(fc.integer({ min: -5, max: 1e6 }), fc.double({ min: 1e-9, max: 1e9, noNaN: true })), {
  minLength: 1,
  maxLength: 12,
});

export interface RandomMetric {
  readonly key: string;
  readonly kind: (typeof kinds)[number];
  readonly declaration: Readonly<Record<string, unknown>>;
  /** For each series: a number from 0 to 1 that chooses the value of each label in turn. */
  readonly choices: readonly (readonly number[])[];
}

const metric: fc.Arbitrary<RandomMetric> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    words: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }),
    unit: fc.constantFrom(...units),
    // A page in text has it without white space around.
    help: text.map((given) => given.trim()).filter((given) => given !== ''),
    labels: fc.dictionary(fc.constantFrom(...labelNames), label, { maxKeys: 3, noNullPrototype: true }),
    bounds,
    exponential: fc.boolean(),
    named: fc.constantFrom('key', 'key', 'series', 'verbatim'),
    choices: fc.array(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    }),
  })
  .map(({ kind, words: name, unit, help, labels, bounds: all, exponential, named, choices }) => {
    const isHistogram = kind === 'histogram';
    const series = `old_${name.join('__')}_${kind === 'counter' ? 'total' : kind === 'info' ? 'info' : 'x'}`;
    const declaration = {
      help,
      labels: named === 'verbatim' ? withoutDots(labels) : labels,
      ...(unit !== '' && kind !== 'info' && named === 'key' && { unit }),
      ...(named === 'series' && { series: series.replaceAll('__', '_') }),
      ...(named === 'verbatim' && { series, verbatim: true }),
      ...(isHistogram && { bounds: all.sort((a, b) => a - b) }),
      ...(isHistogram && exponential && { exponential: {} }),
    };
    const key = [...name, ...(kind === 'info' ? ['info'] : [])]
      .map((word, at) => (at === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
      .join('');
    return { key, kind, declaration, choices };
  });

/** A page shows verbatim labels as they are only to a client that asks for UTF-8. */
function withoutDots(labels: Readonly<Record<string, Label>>): Readonly<Record<string, Label>> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.includes('.')));
}

export interface RandomProgram {
  readonly contract: Contract;
  readonly metrics: readonly RandomMetric[];
}

/** Metrics that do not make a contract together are left out. */
export const program: fc.Arbitrary<RandomProgram> = fc
  .record({ metrics: fc.array(metric, { minLength: 1, maxLength: 6 }), constant: fc.option(value, { freq: 2 }) })
  .map(({ metrics, constant }) => {
    const constantLabels = constant === null ? {} : { site: constant };
    let made = contract('shop', {}, { constantLabels }) as Contract;
    const left: RandomMetric[] = [];
    for (const each of metrics) {
      try {
        if (left.some(({ key }) => key === each.key)) continue;
        made = contract('shop', Object.fromEntries([...left, each].map((one) => [one.key, one])) as never, {
          constantLabels,
        }) as Contract;
        left.push(each);
      } catch {
        // Two names clash, or a unit does not fit the kind.
      }
    }
    return { contract: made, metrics: left };
  })
  .filter(({ metrics }) => metrics.length > 0);

type Record_ = Readonly<Record<string, (...args: readonly unknown[]) => void>>;

/** Records each series once or more. */
export function record({ metrics, contract: made }: RandomProgram, recorders: Readonly<Record<string, unknown>>): void {
  for (const { key, kind, choices } of metrics) {
    const recorder = recorders[key] as Record_;
    const labels = Object.entries(made.metrics[key]?.labels ?? {});
    for (const choice of choices) {
      const given = Object.fromEntries(labels.map(([name, each], at) => [name, chosen(each, choice[at] ?? 0)]));
      const amount = 2 + Math.floor((choice[0] ?? 0) * 1_000);
      if (kind === 'info') recorder.set?.(given);
      else if (kind === 'gauge') recorder.set?.(amount, given);
      else if (kind === 'counter' || kind === 'updowncounter') recorder.add?.(amount, given);
      else recorder.record?.(amount, given);
    }
  }
}

function chosen(label: Label, choice: number): string {
  if (label.kind === 'closed') return label.values[Math.floor(choice * label.values.length)] as string;
  const at = Math.floor(choice * 30);
  return label.optional && at < 5 ? '' : `v${at}"\\\n`;
}
