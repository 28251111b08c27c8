/** What happened to a series up to a reading, as far as an exception has to know it. */
import { attributePairs, splitAttributes } from '../../src/formats/otlp/index.ts';
import { encodeAttributes } from '../../src/formats/otlp/value/attributes.ts';
import { recordable } from '../../src/library/series/by-attributes/recordable-attributes.ts';
import { type AttributesIn, type Case, type Command, toAttributes, toValue, type UncontractedSpec } from './case.ts';
import type { SeriesDump } from './dump.ts';
import { sayAll } from './say-all.ts';

export interface Story {
  /** Those that were asked for under the series' name, as its kind and with its unit; none: the series is one of the contract. */
  readonly instruments: readonly UncontractedSpec[];
  readonly observable: boolean;
  /** Measurements on them, in order. */
  readonly measured: readonly Extract<Command, { do: 'uncontracted' }>[];
  readonly floods: readonly Extract<Command, { do: 'flood' }>[];
  /** What each of them was told to say last, by its place in the case. */
  readonly reports: ReadonlyMap<number, Extract<Command, { do: 'uncontracted-report' }>>;
  /** A callback of the same meter has failed or was taken out; it may have been a batch callback of the series' instrument. */
  readonly failed: boolean;
  readonly detached: boolean;
  /** All that they were ever given. */
  readonly values: readonly unknown[];
  /** With those of the same meter's callbacks, for the same reason. */
  readonly attributes: readonly AttributesIn[];
}

export function storyOf(given: Case, series: SeriesDump, until: number): Story {
  const places = [...given.uncontracted.keys()].filter((at) => isOf(given.uncontracted[at] as UncontractedSpec, series));
  const since = given.commands.slice(0, until).findLastIndex((command) => command.do === 'restart');
  const commands = given.commands.slice(since + 1, until);
  const on = <T extends Command['do']>(what: T) =>
    commands.filter(
      (command): command is Extract<Command, { do: T; at: number }> =>
        command.do === what && places.includes((command as { at: number }).at),
    );
  const measured = on('uncontracted');
  const said = on('uncontracted-report');
  const all = [...measured, ...said.flatMap(({ says }) => says)];
  const near = commands.filter(
    (command) => 'at' in command && typeof command.at === 'number' && given.uncontracted[command.at]?.meter === series.scope,
  );
  const instruments = places.map((at) => given.uncontracted[at] as UncontractedSpec);
  return {
    instruments,
    observable: instruments.some(({ create }) => create.includes('Observable')),
    measured,
    floods: on('flood'),
    reports: new Map(said.map((command) => [command.at, command])),
    failed: near.some((command) => command.do === 'uncontracted-report' && command.ends !== 'well'),
    detached: near.some((command) => command.do === 'uncontracted-detach'),
    values: all.map(({ value }) => toValue(value)),
    attributes: [...measured, ...near.flatMap((command) => (command.do === 'uncontracted-report' ? command.says : []))].map(
      (one) => one.attributes,
    ),
  };
}

/** As the store calls it. */
export function kindOf(create: UncontractedSpec['create']): string {
  return create.replace(/create|Observable/g, '').toLowerCase();
}

function isOf({ meter, name, create, unit }: UncontractedSpec, series: SeriesDump): boolean {
  const same = meter === series.scope && unit === series.unit && kindOf(create) === series.kind;
  return same && name.toLowerCase() === series.instrument.toLowerCase();
}

/** As a dump has them, long values shortened. */
export function canonical(attributes: AttributesIn): string {
  const given = toAttributes(attributes);
  if (typeof given !== 'object' || given === null || attributes === 'throwing') return '[]';
  return JSON.stringify(attributePairs(splitAttributes(encodeAttributes(recordable(given as never, () => {})))), sayAll);
}

/** As Prometheus keeps them: text, and nothing of what is empty. */
export function asLabels(attributes: AttributesIn): string {
  const pairs = JSON.parse(canonical(attributes)) as [string, unknown][];
  return JSON.stringify(
    pairs
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
      .filter(([, value]) => value !== ''),
  );
}

/** The numbers that the last reports have for these attributes, in order; whole ones where the instrument takes no others. */
export function saidLast({ reports, instruments }: Story, attributes: string): readonly number[] {
  const integer = instruments.some((one) => one.integer);
  const said = [...reports.values()].flatMap(({ says }) => says).filter((one) => canonical(one.attributes) === attributes);
  const numbers = said.map(({ value }) => toValue(value)).filter((value) => Number.isFinite(value)) as number[];
  return integer ? numbers.map(Math.trunc) : numbers;
}
