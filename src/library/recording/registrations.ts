/**
 * The instruments of a meter that no contract names, each made once, and what is told of those that are asked for again in
 * another way (Metrics SDK, "Duplicate instrument registration", "Name conflict"). The one owner of these rules, for both
 * engines.
 */
import type { MetricOptions } from '@opentelemetry/api';
import { type Asked, type Descriptor, describe, isSame } from './store-engine/uncontracted/descriptor.ts';
import { instrumentTypeOf } from './views/selection.ts';

export interface Registrations<Made> {
  /** The instrument of that name and description: an existing one, or else a new one. */
  get(name: string, asked: Asked, options: MetricOptions | undefined): Made;
  all(): Iterable<Made>;
}

export interface RegistrationsOptions<Made> {
  readonly create: (descriptor: Descriptor) => Made;
  /**
   * An identical instrument is asked for with a longer description, which is that of both (data model, "OpenTelemetry protocol
   * data model: producer recommendations").
   */
  readonly describe: (made: Made, longer: string) => void;
  /** Receives a line where an instrument is not made as it was asked for. */
  readonly tell: (line: string) => void;
  /** Of what two instruments of one name differ in, what is still wrong once views are applied. Undefined: there are none. */
  readonly unresolved?: Unresolved | undefined;
}

const fields = ['name', 'what', 'unit', 'description', 'integer', 'bounds'] as const;
export type Difference = (typeof fields)[number];
export type Unresolved = (asked: Descriptor, known: Descriptor, differences: readonly Difference[]) => readonly Difference[];

interface Registration<Made> {
  readonly descriptor: Descriptor;
  readonly made: Made;
  description: string;
}

export function createRegistrations<Made>({
  create,
  describe: redescribe,
  tell,
  unresolved,
}: RegistrationsOptions<Made>): Registrations<Made> {
  const byName = new Map<string, Registration<Made>[]>();

  return Object.freeze<Registrations<Made>>({
    get(name, asked, options) {
      const descriptor = describe(name, asked, options, tell);
      const { description } = descriptor;
      const key = descriptor.name.toLowerCase();
      const namesakes = byName.get(key) ?? [];
      byName.set(key, namesakes);
      const same = namesakes.find((one) => isSame(one.descriptor, descriptor));
      tellConflict(descriptor, same ?? namesakes[0], tell, unresolved);
      if (same !== undefined) {
        if (description.length > same.description.length) {
          same.description = description;
          redescribe(same.made, description);
        }
        return same.made;
      }
      // Names are case-insensitive, and the first one seen counts (Metrics SDK, "Name conflict").
      const first = { ...descriptor, name: namesakes[0]?.descriptor.name ?? descriptor.name };
      const made = create(first);
      namesakes.push({ descriptor: first, made, description });
      return made;
    },
    *all() {
      for (const namesakes of byName.values()) for (const { made } of namesakes) yield made;
    },
  });
}

/**
 * The warning of the specification's "Duplicate instrument registration". A conflicting instrument still works, as a separate
 * family.
 */
function tellConflict(
  asked: Descriptor,
  existing: Registration<unknown> | undefined,
  tell: (line: string) => void,
  unresolved: Unresolved = (_asked, _known, all) => all,
): void {
  if (existing === undefined) return;
  const known = { ...existing.descriptor, description: existing.description };
  const all = fields.filter((field) => String(asked[field]) !== String(known[field]));
  const differences = unresolved(asked, known, all);
  if (differences.length === 0) return;
  const said = differences.map((field) => `${field} ${JSON.stringify(asked[field])} instead of ${JSON.stringify(known[field])}`);
  tell(
    `${known.name}: an instrument of this name exists already, with ${said.join(', ')}. ${outcome(asked, known, differences)} Fix: create it the same way everywhere${recipe(asked, differences)}.`,
  );
}

/** Of a view that tells the two apart and gives one another name, where one can. */
function recipe(asked: Descriptor, differences: readonly Difference[]): string {
  const { name: instrumentName, unit: instrumentUnit } = asked;
  const criteria = {
    instrumentName,
    ...(differences.includes('what') && { instrumentType: instrumentTypeOf(asked) }),
    ...(differences.includes('unit') && { instrumentUnit }),
  };
  if (Object.keys(criteria).length === 1) return '';
  return `, or give one another name by a view, e.g. ${JSON.stringify({ ...criteria, name: `${instrumentName}.other` })}`;
}

function outcome(asked: Descriptor, known: Descriptor, differences: readonly Difference[]): string {
  if (!isSame(asked, known)) return 'Both are exposed.';
  const used = differences.includes('description') ? 'The longest description is used' : '';
  const others = differences.filter((field) => field !== 'description');
  if (used === '') return 'The first one is used.';
  return others.length === 0 ? `${used}.` : `${used}, and ${others.join(' and ')} of the first one.`;
}
