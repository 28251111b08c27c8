/** The parts of an exposition: a block for each exposed name, in the order in which the names came. */
import type { Range } from './bytes/byte-buffer.ts';
import type { FamilyLines } from './lines/family-lines.ts';

export interface Block {
  readonly series: string;
  /** Those of its first family. */
  readonly lines: FamilyLines;
  /** The scopes of its families, one for each group. */
  readonly scopes: string[];
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
  readonly all: readonly Block[];
  /**
   * The block of a family: a new one, that of its group, or that of an earlier family of the same name and TYPE and of another scope, so that no series
   * is there twice. Undefined: the name is taken, or no legal name remains ("Prometheus and OpenMetrics Compatibility", "Metric Metadata": entire
   * metrics are dropped to prevent conflicting TYPE comments).
   */
  blockOf(lines: FamilyLines, group: number): Block | undefined;
  /** What is in the exposition. */
  ranges(): readonly Range[];
}

export function createBlocks(): Blocks {
  const all: Block[] = [];
  const claimed = new Map<string, Block>();

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

  return {
    all,
    blockOf(lines, group) {
      const { series, claims } = lines.names;
      const block = series === '' ? null : claimant(lines);
      if (block === null) return undefined;
      if (block !== undefined) {
        if (block.series !== series || block.lines.type !== lines.type) return undefined;
        if (block.group === group) return block;
        if (block.scopes.includes(lines.scope)) return undefined;
        block.scopes.push(lines.scope);
        block.group = group;
        return block;
      }
      const made: Block = { series, lines, scopes: [lines.scope], group, ranges: [], samples: 0, oldestMs: 0, begun: false };
      all.push(made);
      for (const name of claims) claimed.set(name, made);
      return made;
    },
    ranges: () => all.flatMap(({ ranges }) => ranges),
  };
}
