/**
 * Who owns an exposed name. "Exporters MUST drop entire metrics to prevent conflicting TYPE comments, but SHOULD NOT drop metric points as a result of
 * conflicting UNIT or HELP comments" (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", "Metric Metadata"). The first producer of a
 * name decides, until its last series has gone.
 */
import { shown } from '../../errors/shown.ts';
import { isBareName, type Kind } from '../../naming/index.ts';

export interface Wanted {
  /** The exposed name. */
  readonly name: string;
  /** As its TYPE has it. */
  readonly kind: Kind;
  /** Every name that its samples and metadata write, its own among them. */
  readonly claims: readonly string[];
  readonly help: string;
  readonly unit: string;
  /** Who sends it, for messages: the resource, and its scope. */
  readonly from: string;
  readonly scope: string;
}

/** A name with an owner. */
export interface Claimed extends Wanted {
  /** A metric that had the name has left. */
  release(): void;
}

export interface NameClaims {
  /** A metric claims its name: returns the name's owner, itself or an earlier one that agrees with it. */
  claim(wanted: Wanted): Claimed | NotShown;
  /** Names in use. */
  readonly names: number;
  /** How often names, or their metadata, were in conflict; each pair counts once. */
  readonly conflicts: number;
  /** Bytes of the heap that names take, here and where they are shown. */
  readonly heap: number;
}

/** Why a metric's points do not become series. */
export interface NotShown {
  /** What points are counted under, in `snake_case`: `type_conflict`, `name_conflict`, `family_limit`. */
  readonly reason: string;
  /** For the sender, as part of a `partial_success`: the points were rejected. Absent: they were accepted, and are not exposed. */
  readonly refused?: string;
}

/** An exposed name as a message has it: in quotes where it is not an ordinary one. */
export function nameShown(name: string): string {
  return isBareName(name) ? name : shown(name);
}

/** Both producers, as a message names them: their resources, or where these are the same, their scopes. */
function difference(one: Wanted, other: Wanted): readonly [string, string] {
  const named = ({ from, scope }: Wanted) => (one.from === other.from && one.scope !== other.scope ? `${scope} of ${from}` : from);
  return [named(one), named(other)];
}

interface Owner {
  readonly claimed: Claimed;
  users: number;
  /** What was reported about others in conflict with this name. Bounded: names in conflict with it, and kinds. */
  readonly said: Set<string>;
  heap: number;
}

/** What a name takes beside its texts. */
const nameHeapBytes = 1_200;
/** How many copies of its texts are kept: here, and in the lines of an exposition. */
const copies = 2;

/**
 * @param reserved what no metric may be called
 * @param warn is given each conflict once, as a line that names both producers
 */
export function createNameClaims(maxNames: number, reserved: Wanted, warn: (message: string) => void): NameClaims {
  const owners = new Map<string, Owner>();
  let names = 0;
  let conflicts = 0;
  let heap = 0;
  own(reserved);
  names = 0;

  function own(wanted: Wanted): Owner {
    const claimed: Claimed = Object.freeze({ ...wanted, release: () => release(owner) });
    const owner: Owner = { claimed, users: 1, said: new Set(), heap: heapOf(wanted) };
    heap += owner.heap;
    for (const name of wanted.claims) owners.set(name, owner);
    names++;
    return owner;
  }

  function release(owner: Owner): void {
    owner.users--;
    if (owner.users > 0) return;
    for (const name of owner.claimed.claims) owners.delete(name);
    names--;
    heap -= owner.heap;
  }

  function sayOnce(owner: Owner, about: string, message: string): void {
    if (owner.said.has(about)) return;
    owner.said.add(about);
    owner.heap += about.length;
    heap += about.length;
    conflicts++;
    warn(message);
  }

  function refuse(owner: Owner, wanted: Wanted, conflicting: string): NotShown {
    const { name, kind } = owner.claimed;
    const [theirs, first] = difference(wanted, owner.claimed);
    const isType = name === wanted.name && kind !== wanted.kind;
    const given = nameShown(name);
    const why = isType
      ? `${given} is a ${kind} already`
      : `the ${kind} ${given} has ${conflicting === name ? 'that name' : nameShown(conflicting)} already`;
    sayOnce(
      owner,
      `${wanted.name} ${wanted.kind}`,
      `the ${wanted.kind} ${shown(wanted.name)} from ${theirs} is not shown: ${why}, from ${first}. Rename one of the two metrics`,
    );
    return { reason: isType ? 'type_conflict' : 'name_conflict' };
  }

  /** The first description and unit stay. */
  function compare(owner: Owner, wanted: Wanted): void {
    const { name, help, unit } = wanted;
    const { claimed } = owner;
    function say(what: 'description' | 'unit'): void {
      const [theirs, first] = difference(wanted, claimed);
      const message = `${nameShown(name)} from ${theirs} has another ${what} than from ${first}; the first is shown, with all points`;
      sayOnce(owner, what, `${message}. Describe them alike`);
    }
    if (help !== claimed.help) say('description');
    if (unit !== claimed.unit) say('unit');
  }

  return {
    get names() {
      return names;
    },
    get conflicts() {
      return conflicts;
    },
    get heap() {
      return heap;
    },
    claim(wanted) {
      const same = owners.get(wanted.name);
      if (same?.claimed.name === wanted.name && same.claimed.kind === wanted.kind && same.claimed.name !== reserved.name) {
        compare(same, wanted);
        same.users++;
        return same.claimed;
      }
      const conflicting = wanted.claims.find((name) => owners.has(name));
      if (conflicting !== undefined) return refuse(same ?? (owners.get(conflicting) as Owner), wanted, conflicting);
      if (names >= maxNames) return { reason: 'family_limit', refused: `there are ${maxNames} metric names already (--max-families)` };
      return own(wanted).claimed;
    },
  };
}

function heapOf({ claims, help, unit, from, scope }: Wanted): number {
  return nameHeapBytes + copies * [...claims, help, unit, from, scope].reduce((sum, text) => sum + text.length, 0);
}
