/** The parts of an exposition: a block for each exposed name, in the order in which the names came. */
import type { Range } from './bytes/byte-buffer.ts';
import type { FamilyLines } from './lines/family-lines.ts';

export interface Block {
  readonly series: string;
  /** Those of its first family. */
  readonly lines: FamilyLines;
  /** The exposed name of the family that has or reserves one of its names in OpenMetrics: nothing of the block is shown there. */
  readonly givesWayTo: string | undefined;
  /** The scopes of its families, one for each group. */
  readonly scopes: string[];
  /** A contract declares one of its families. */
  contracted: boolean;
  /** The group of the family that joined last. */
  group: number;
  /** Its ranges of the bytes written; several where other families came in between, or it was long. */
  ranges: Range[];
  /** Sample lines. */
  samples: number;
  /** Age of its oldest values in milliseconds; 0 when all are live. */
  oldestMs: number;
  /** Its metadata are in the exposition. */
  begun: boolean;
}

export interface Blocks {
  /** Those that are shown. */
  readonly all: readonly Block[];
  /**
   * The block of a family: a new one, that of its group, or that of an earlier family of the same name and TYPE and of another
   * scope, so that no series is there twice. Undefined: the name is taken, or no legal name remains ("Prometheus and OpenMetrics
   * Compatibility", "Metric Metadata": entire metrics are dropped to prevent conflicting TYPE comments). It is the same in all
   * formats.
   */
  blockOf(lines: FamilyLines, group: number): Block | undefined;
  /** What is in the exposition. */
  ranges(): readonly Range[];
}

/**
 * @param giveWay which blocks give way in OpenMetrics, as `names-in-openmetrics.ts` chose; one that it does not know gives way to
 * those before it. Undefined: none has to
 */
export function createBlocks(giveWay: ReadonlyMap<string, string> | undefined): Blocks {
  const all: Block[] = [];
  const claimed = new Map<string, Block>();
  /** By name: the block that is shown and reserves it. */
  const reserved = giveWay && new Map<string, Block>();

  /** The block that claims one of the names; undefined: none does; null: several do. */
  function claimant({ names }: FamilyLines): Block | undefined | null {
    let found: Block | undefined;
    for (const name of names.claims) {
      const block = claimed.get(name);
      if (block === undefined || block === found) continue;
      if (found !== undefined) return null;
      found = block;
    }
    return found;
  }

  function winnerOver({ names }: FamilyLines): string | undefined {
    const chosen = giveWay?.get(names.series);
    if (chosen !== undefined || reserved === undefined) return chosen;
    for (const name of names.claims) {
      const block = reserved.get(name);
      if (block !== undefined) return block.series;
    }
    for (const name of names.reserved) {
      const block = reserved.get(name) ?? claimed.get(name);
      if (block !== undefined && block.givesWayTo === undefined) return block.series;
    }
    return undefined;
  }

  function begin(lines: FamilyLines, group: number): Block {
    const { series, claims } = lines.names;
    const givesWayTo = reserved && winnerOver(lines);
    const { contracted } = lines;
    const scopes = [lines.scope];
    const made: Block = {
      series,
      lines,
      givesWayTo,
      scopes,
      contracted,
      group,
      ranges: [],
      samples: 0,
      oldestMs: 0,
      begun: false,
    };
    for (const name of claims) claimed.set(name, made);
    if (givesWayTo !== undefined) return made;
    all.push(made);
    if (reserved !== undefined) for (const name of lines.names.reserved) reserved.set(name, made);
    return made;
  }

  return {
    all,
    blockOf(lines, group) {
      const { series } = lines.names;
      const block = series === '' ? null : claimant(lines);
      if (block === null) return undefined;
      if (block === undefined) return begin(lines, group);
      if (block.series !== series || block.lines.type !== lines.type) return undefined;
      if (block.group === group) return block;
      if (block.scopes.includes(lines.scope)) return undefined;
      block.scopes.push(lines.scope);
      block.contracted ||= lines.contracted;
      block.group = group;
      return block;
    },
    ranges: () => all.flatMap(({ ranges }) => ranges),
  };
}
