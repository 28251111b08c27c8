/**
 * Random cases. They are drawn with numbers in place of names, so that they shrink, and then put into words, so that they can be
 * read.
 */
import fc from 'fast-check';
import { labelNames } from './arbitrary-attributes.ts';
import { drawnCommands, inWords } from './arbitrary-command.ts';
import type { Case, Command, ContractSpec, MetricSpec, UncontractedSpec } from './case.ts';

const plain = { noNullPrototype: true } as const;

const labelRule = fc.oneof(
  fc.constantFrom(['ok'], ['ok', 'failed'], ['ok', 'failed', 'other']).map((closed) => ({ closed })),
  fc.integer({ min: 1, max: 3 }).map((capped) => ({ capped })),
  fc.integer({ min: 1, max: 3 }).map((identity) => ({ identity })),
);
const labels = fc
  .array(labelRule, { maxLength: labelNames.length })
  .map((rules) => rules.map((rule, at) => ({ name: labelNames[at] as string, ...rule })));

const metric: fc.Arbitrary<MetricSpec> = fc
  .record(
    {
      kind: fc.constantFrom<MetricSpec['kind'][]>('counter', 'updowncounter', 'gauge', 'histogram', 'summary', 'info'),
      observed: fc.boolean(),
      unit: fc.constantFrom('', 's', 'By', '{run}'),
      labels,
      bounds: fc.constantFrom([1], [0, 0.5, 10], [-1, 1e300]),
      exponential: fc.record({ maxSize: fc.constantFrom(2, 4, 160), maxScale: fc.constantFrom(-10, 0, 3, 20) }, plain),
      minMax: fc.boolean(),
      zeroFilled: fc.boolean(),
      omitEmpty: fc.boolean(),
      exemplars: fc.boolean(),
    },
    { requiredKeys: ['kind', 'observed', 'unit', 'labels', 'bounds', 'omitEmpty', 'exemplars'], ...plain },
  )
  .map(({ exponential, minMax, zeroFilled, ...spec }) => ({
    ...spec,
    ...(zeroFilled === undefined || spec.kind === 'info' ? {} : { zeroFilled }),
    labels: spec.kind === 'info' && spec.labels.length === 0 ? [{ name: 'a', identity: 2 }] : spec.labels,
    unit: spec.kind === 'info' ? '' : spec.unit,
    bounds: spec.kind === 'histogram' && (spec.observed || exponential === undefined) ? spec.bounds : [],
    ...(spec.kind === 'histogram' && !spec.observed
      ? { ...(minMax === undefined ? {} : { minMax }), ...(exponential === undefined ? {} : { exponential }) }
      : {}),
  }));

const contract: fc.Arbitrary<ContractSpec> = fc.record(
  {
    metrics: fc
      .array(metric, { minLength: 1, maxLength: 4 })
      .map((metrics) => Object.fromEntries(metrics.map((spec, at) => [`m${'xyzw'[at]}`, spec]))),
    constantLabels: fc.constantFrom<Record<string, string>>({}, { host: 'h' }),
    maxAgeMs: fc.constantFrom(0, 1_000, 60_000),
  },
  plain,
);

const uncontracted: fc.Arbitrary<UncontractedSpec> = fc.record(
  {
    meter: fc.constantFrom('lib', 'lib', 'app'),
    name: fc.constantFrom('lib.x', 'lib.y', 'lib.z', 'lib.total', '1 odd name'),
    create: fc.constantFrom<UncontractedSpec['create'][]>(
      'createCounter',
      'createUpDownCounter',
      'createGauge',
      'createHistogram',
      'createObservableCounter',
      'createObservableUpDownCounter',
      'createObservableGauge',
    ),
    unit: fc.constantFrom('', 's'),
    integer: fc.boolean(),
    bounds: fc.constantFrom([], [0, 1, 5], [10]),
  },
  { requiredKeys: ['meter', 'name', 'create', 'unit', 'integer'], ...plain },
);

const anyDouble = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

/**
 * The SDK adds up each round of collection by itself, and doubles come out another way when they are added in another order. So
 * there are either doubles of every size and one reading, or readings in between and numbers whose sums are exact: multiples of
 * 2⁻¹⁰ below 2²⁰.
 */
function withExactSums(command: Command): Command {
  if (command.do !== 'measure' && command.do !== 'bound' && command.do !== 'uncontracted') return command;
  const { value } = command;
  return typeof value === 'number' ? { ...command, value: Math.round((value % 2 ** 20) * 2 ** 10) / 2 ** 10 + 0 } : command;
}

export const arbitraryCase: fc.Arbitrary<Case> = fc
  .record(
    {
      contract,
      uncontracted: fc.array(uncontracted, { maxLength: 3 }),
      selfMetrics: fc.boolean(),
      anyDouble,
      drawn: drawnCommands,
    },
    plain,
  )
  .map(({ contract, uncontracted, selfMetrics, anyDouble, drawn }) => {
    const commands = drawn.flatMap((command) => inWords(command, contract, uncontracted) ?? []);
    return {
      contract,
      uncontracted,
      // What differs outside the contract, for a reason that is known, would show in the self-metrics too.
      selfMetrics: selfMetrics && uncontracted.length === 0,
      commands: anyDouble ? commands.filter((command) => command.do !== 'read') : commands.map(withExactSums),
    };
  });
