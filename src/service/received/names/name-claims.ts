/**
 * Who owns an exposed name. "Exporters MUST drop entire metrics to prevent conflicting TYPE comments, but SHOULD NOT drop metric
 * points as a result of conflicting UNIT or HELP comments" (OpenTelemetry specification, "Prometheus and OpenMetrics
 * Compatibility", "Metric Metadata"). The first producer of a name decides, until its last series has gone.
 */
import { type Kind, textTypes } from '../../../core/naming/index.ts';
import { notShownMessage, unlikeMessage } from './name-messages.ts';

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

/** Why a metric's points do not become series. */
export interface NotShown {
  /** What points are counted under, in `snake_case`: `type_conflict`, `name_conflict`, `family_limit`. */
  readonly reason: string;
  /**
   * For the sender, as part of a `partial_success`: the points were rejected. Absent: they were accepted, and are not exposed.
   */
  readonly refused?: string;
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

export class NameClaims {
  /** Names in use. */
  names = 0;
  /** How often names, or their metadata, were in conflict; each pair counts once. */
  conflicts = 0;
  /** Bytes of the heap that names take, here and where they are shown. */
  heap = 0;
  private readonly owners = new Map<string, Owner>();
  private readonly maxNames: number;
  private readonly reserved: Wanted;
  private readonly warn: (message: string) => void;

  /**
   * @param reserved what no metric may be called
   * @param warn is given each conflict once, as a line that names both producers
   */
  constructor(maxNames: number, reserved: Wanted, warn: (message: string) => void) {
    this.maxNames = maxNames;
    this.reserved = reserved;
    this.warn = warn;
    this.own(reserved);
    this.names = 0;
  }

  /**
   * A metric claims its name: returns the name's owner, itself or an earlier one that agrees with it. OpenMetrics has the first
   * one's type.
   */
  claim(wanted: Wanted): Claimed | NotShown {
    const { owners, reserved, maxNames } = this;
    const same = owners.get(wanted.name);
    if (
      same?.claimed.name === wanted.name &&
      textTypes[same.claimed.kind] === textTypes[wanted.kind] &&
      same.claimed.name !== reserved.name
    ) {
      this.compare(same, wanted);
      same.users++;
      return same.claimed;
    }
    const conflicting = wanted.claims.find((name) => owners.has(name));
    if (conflicting !== undefined) return this.refuse(same ?? (owners.get(conflicting) as Owner), wanted, conflicting);
    if (this.names >= maxNames)
      return { reason: 'family_limit', refused: `there are ${maxNames} metric names already (--max-families)` };
    return this.own(wanted).claimed;
  }

  private own(wanted: Wanted): Owner {
    const claimed: Claimed = Object.freeze({ ...wanted, release: () => this.release(owner) });
    const owner: Owner = { claimed, users: 1, said: new Set(), heap: heapOf(wanted) };
    this.heap += owner.heap;
    for (const name of wanted.claims) this.owners.set(name, owner);
    this.names++;
    return owner;
  }

  private release(owner: Owner): void {
    owner.users--;
    if (owner.users > 0) return;
    for (const name of owner.claimed.claims) this.owners.delete(name);
    this.names--;
    this.heap -= owner.heap;
  }

  private sayOnce(owner: Owner, about: string, messageOf: () => string): void {
    if (owner.said.has(about)) return;
    owner.said.add(about);
    owner.heap += about.length;
    this.heap += about.length;
    this.conflicts++;
    this.warn(messageOf());
  }

  private refuse(owner: Owner, wanted: Wanted, conflicting: string): NotShown {
    const { claimed } = owner;
    const isType = claimed.name === wanted.name && textTypes[claimed.kind] !== textTypes[wanted.kind];
    this.sayOnce(owner, `${wanted.name} ${wanted.kind}`, () => notShownMessage(claimed, wanted, conflicting, isType));
    return { reason: isType ? 'type_conflict' : 'name_conflict' };
  }

  /** The first description and unit stay. */
  private compare(owner: Owner, wanted: Wanted): void {
    const { claimed } = owner;
    if (wanted.help !== claimed.help) this.sayOnce(owner, 'description', () => unlikeMessage(claimed, wanted, 'description'));
    if (wanted.unit !== claimed.unit) this.sayOnce(owner, 'unit', () => unlikeMessage(claimed, wanted, 'unit'));
  }
}

function heapOf({ claims, help, unit, from, scope }: Wanted): number {
  return nameHeapBytes + copies * [...claims, help, unit, from, scope].reduce((sum, text) => sum + text.length, 0);
}
