/**
 * Which metrics an instrument has that no contract names, and how each is recorded: the one owner, which both engines ask once
 * for each instrument (Metrics SDK, "Measurement processing"). Without a view that selects it, there is one, by the default
 * aggregation.
 */
import type { RowShape } from '../../../core/store/index.ts';
import type { Scope } from '../../../core/store/store.ts';
import type { KeepsKey } from '../../series/by-attributes/attribute-keys.ts';
import type { Unresolved } from '../registrations.ts';
import { defaultForm, formOf } from './forms.ts';
import { type Selectable, selects } from './selection.ts';
import type { Stream } from './stream.ts';
import type { AttributeKeys, ViewOptions } from './view-options.ts';

/** An instrument as its library makes it. */
export interface Viewable extends Selectable {
  readonly description: string;
  /** The advised boundaries of a histogram, or else the default ones. */
  readonly bounds: readonly number[];
}

export interface Views {
  /** Whether a view selects the instrument. */
  selects(scope: Scope, instrument: Selectable): boolean;
  /** None: a view drops all that is measured. */
  streamsOf(scope: Scope, instrument: Viewable): readonly Stream[];
  /**
   * For `registrations.ts`: metrics of other names do not clash, and a description that a view gives is that of both (Metrics
   * SDK, "Duplicate instrument registration").
   */
  unresolved(scope: Scope): Unresolved;
}

/** @param tell receives a line about a view that is not applied, and about metrics of one name */
export function createViews(given: readonly ViewOptions[], tell: (line: string) => void): Views {
  /** By meter and name of a metric, the instrument that has it. */
  const owners = new Map<string, string>();

  function claim(scope: Scope, instrument: Viewable, { name, view }: Stream): void {
    const key = JSON.stringify([scope.name, scope.version, scope.schemaUrl, name.toLowerCase()]);
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, instrument.name);
    else if (owner.toLowerCase() !== instrument.name.toLowerCase()) {
      const by = view === undefined ? '' : `, by ${placeOf(view)}`;
      tell(
        `${instrument.name}: its metric is called ${name}${by}, as that of ${owner}. A push has both, a page the first. Fix: give one of them another name.`,
      );
    }
  }

  return Object.freeze<Views>({
    selects: (scope, instrument) => given.some((view) => selects(view, scope, instrument)),
    streamsOf(scope, instrument) {
      const streams = made(scope, instrument, tell);
      for (const stream of streams) claim(scope, instrument, stream);
      return streams;
    },
    unresolved: (scope) => (asked, known, differences) => {
      const [one, other] = [asked, known].map((each) => made(scope, each, () => {})) as [readonly Stream[], readonly Stream[]];
      const shared = one.filter(({ name }) => other.some((stream) => stream.name.toLowerCase() === name.toLowerCase()));
      if (shared.length === 0) return [];
      return shared.every(({ describedByView }) => describedByView)
        ? differences.filter((field) => field !== 'description')
        : differences;
    },
  });

  function made(scope: Scope, instrument: Viewable, say: (line: string) => void): readonly Stream[] {
    const applied = given.flatMap((view, at) => {
      if (!selects(view, scope, instrument)) return [];
      const form = formOf(view, instrument);
      if (typeof form !== 'string') return [form === undefined ? undefined : streamOf(view, at, form, instrument)];
      say(`${instrument.name}: ${placeOf(at)} is not applied: ${form}. It is recorded as if there were no such view.`);
      return [];
    });
    const streams = applied.length === 0 ? [defaultStream(instrument)] : applied.filter((stream) => stream !== undefined);
    return withoutSecond(streams, instrument, say);
  }
}

export function defaultStream(instrument: Viewable): Stream {
  const { name, description, kind } = instrument;
  return { name, description, shape: defaultForm(instrument), accepts: kind };
}

function streamOf(view: ViewOptions, at: number, shape: RowShape, { name, description, kind }: Viewable): Stream {
  return {
    name: view.name ?? name,
    description: view.description ?? description,
    ...(view.description !== undefined && { describedByView: true }),
    shape,
    accepts: kind === 'gauge' && shape.kind !== 'gauge' ? 'updowncounter' : kind,
    keeps: keepsKeys(view.attributeKeys),
    limit: view.aggregationCardinalityLimit,
    view: at,
  };
}

/** A second metric of the same name and kind would count each measurement twice wherever the two are added up. */
function withoutSecond(streams: readonly Stream[], { name }: Viewable, tell: (line: string) => void): readonly Stream[] {
  return streams.filter((stream, at) => {
    const namesake = streams.slice(0, at).find((other) => other.name.toLowerCase() === stream.name.toLowerCase());
    if (namesake === undefined) return true;
    const isSecond = namesake.shape.kind === stream.shape.kind;
    const [first, second] = [namesake, stream].map(({ view = 0 }) => placeOf(view));
    const outcome = isSecond
      ? `${second} is not applied: each measurement would count twice`
      : 'A push has both, a page the first';
    tell(
      `${name}: ${first} and ${second} make a metric called ${stream.name} of it. ${outcome}. Fix: give one of the views a name.`,
    );
    return !isSecond;
  });
}

/** Undefined: all. */
export function keepsKeys({ included, excluded = [] }: AttributeKeys = {}): KeepsKey | undefined {
  if (included === undefined && excluded.length === 0) return undefined;
  const dropped = new Set(excluded);
  if (included === undefined) return (key) => !dropped.has(key);
  const kept = new Set(included.filter((key) => !dropped.has(key)));
  return (key) => kept.has(key);
}

function placeOf(view: number): string {
  return `options.views[${view}]`;
}
