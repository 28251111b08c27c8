/**
 * Which metrics an instrument has that no contract names, and how each is recorded: the one owner, which both engines ask once for each instrument (Metrics SDK,
 * "Measurement processing"). Without a view that selects it, there is one, by the default aggregation.
 */
import type { Kind } from '../../naming/kind.ts';
import type { KeepsKey } from '../../series/by-attributes/attribute-keys.ts';
import type { RowShape } from '../../store/index.ts';
import type { Scope } from '../../store/store.ts';
import { defaultForm, formOf } from './forms.ts';
import { type Selectable, selects } from './selection.ts';
import type { AttributeKeys, ViewOptions } from './view-options.ts';

/** An instrument as its library makes it. */
export interface Viewable extends Selectable {
  readonly description: string;
  /** The advised boundaries of a histogram, or else the default ones. */
  readonly bounds: readonly number[];
}

export interface Stream {
  readonly name: string;
  readonly description: string;
  readonly shape: RowShape;
  /** The kind whose values it takes: the instrument's, but a sum and a histogram of a gauge take finite numbers only. */
  readonly accepts: Kind;
  /** Undefined: it has all attributes. */
  readonly keeps?: KeepsKey | undefined;
  /** The most sets of attributes. Undefined: the default. */
  readonly limit?: number | undefined;
  /** Its view gives the description, which no library changes. */
  readonly describedByView?: true;
  /** The place of its view in the option; undefined: no view has made it. */
  readonly view?: number;
}

export interface Views {
  /** Whether a view selects the instrument. */
  selects(scope: Scope, instrument: Selectable): boolean;
  /** None: a view drops all that is measured. */
  streamsOf(scope: Scope, instrument: Viewable): readonly Stream[];
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
      const applied = given.flatMap((view, at) => {
        if (!selects(view, scope, instrument)) return [];
        const form = formOf(view, instrument);
        if (typeof form !== 'string') return [form === undefined ? undefined : streamOf(view, at, form, instrument)];
        tell(`${instrument.name}: ${placeOf(at)} is not applied: ${form}. It is recorded as if there were no such view.`);
        return [];
      });
      const made = applied.length === 0 ? [defaultStream(instrument)] : applied.filter((stream) => stream !== undefined);
      const streams = withoutSecond(made, instrument, tell);
      for (const stream of streams) claim(scope, instrument, stream);
      return streams;
    },
  });
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
    const outcome = isSecond ? `${second} is not applied: each measurement would count twice` : 'A push has both, a page the first';
    tell(`${name}: ${first} and ${second} make a metric called ${stream.name} of it. ${outcome}. Fix: give one of the views a name.`);
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
