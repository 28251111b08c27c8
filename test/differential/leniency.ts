/** What a case allows two engines' bodies to differ in. */
import { familyName } from '../../src/core/naming/index.ts';
import type { Kind } from '../../src/core/naming/kind.ts';
import type { Leniency } from './bodies.ts';
import { contractName } from './build-contract.ts';
import type { Case, UncontractedSpec } from './case.ts';
import type { SeriesDump } from './dump.ts';
import { kindOf } from './story.ts';

type Named = Pick<SeriesDump, 'scope' | 'instrument' | 'kind' | 'unit'>;

export function leniencyOf(given: Case, excused: readonly SeriesDump[]): Leniency {
  const uncontracted = given.uncontracted.map(named);
  const colliding = uncontracted.filter((one) => uncontracted.some((other) => collide(one, other)));
  return {
    excusedFamilies: new Set([...excused, ...colliding].flatMap(familiesOf)),
    excusedInstruments: new Set(excused.map(({ scope, instrument }) => `${scope} ${instrument}`)),
    mixed: mixesRows(given),
    unsorted: unsorted(given),
    uncontracted: new Set(uncontracted.flatMap((one) => [one.instrument, ...familiesOf(one)])),
  };
}

function named({ meter: scope, name: instrument, create, unit }: UncontractedSpec): Named {
  return { scope, instrument, kind: kindOf(create), unit };
}

/**
 * Of two families of one name the first gives HELP and UNIT, its series come first, and another TYPE is left out; which one is
 * the first, is the order in which the SDK's meters end.
 */
function collide(one: Named, other: Named): boolean {
  const same =
    one.scope === other.scope && one.instrument === other.instrument && one.kind === other.kind && one.unit === other.unit;
  return !same && familiesOf(one).some((family) => familiesOf(other).includes(family));
}

/** In text and in OpenMetrics. */
function familiesOf({ instrument: name, unit, kind }: Omit<Named, 'scope'>): string[] {
  const family = familyName({ name, unit, kind: kind as Kind });
  return [family, family.replace(/_total$/, '')];
}

/** Rows are given up and given out again, each engine at its own time; or a series has a place before it is shown. */
function mixesRows({ contract, commands }: Case): boolean {
  return (
    commands.some(({ do: what }) => what === 'remove' || what === 'reset' || what === 'bind') ||
    Object.values(contract.metrics).some(({ kind }) => kind === 'info')
  );
}

/** Names of the families that come in order of creation: those with closed sets only. */
function unsorted({ contract }: Case): ReadonlySet<string> {
  const families = Object.entries(contract.metrics).filter(([, { labels }]) => labels.every((label) => 'closed' in label));
  return new Set(families.flatMap(([key, { unit, kind }]) => familiesOf({ instrument: `${contractName}.${key}`, unit, kind })));
}
