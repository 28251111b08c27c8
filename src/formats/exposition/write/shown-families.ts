/**
 * Which families of a view are shown, and under which names: the same for an exposition that is written and for one that is
 * measured.
 */
import { type FamilyView, freshnessOf } from '../../../core/store/index.ts';
import { type Block, type Blocks, createBlocks } from './blocks.ts';
import type { FamilyLines } from './lines/family-lines.ts';
import type { Omitted } from './rendering.ts';

export interface ShownOptions {
  /** By the store's clock, in ms: ages are counted to here. */
  readonly now: number;
  /** Names of families; undefined: all are shown. */
  readonly only: ReadonlySet<string> | undefined;
  /** Of OpenMetrics, where names meet: see `names-in-openmetrics.ts`. */
  readonly giveWay: ReadonlyMap<string, string> | undefined;
}

/** A class, as `Page` is one. */
export class ShownFamilies {
  readonly blocks: Blocks;
  readonly stale: string[] = [];
  readonly unknown: string[] = [];
  readonly omitted: Omitted[] = [];
  /** The families of each block came one behind the other. */
  inOrder = true;
  readonly now: number;
  /** The group whose name was rejected last. */
  private refused = 0;
  private readonly only: ReadonlySet<string> | undefined;

  constructor({ now, only, giveWay }: ShownOptions) {
    this.blocks = createBlocks(giveWay);
    this.now = now;
    this.only = only;
  }

  /** Where the family's lines go; undefined: they are not shown. To be called once a family, in the order of the walk. */
  blockOf(family: FamilyView, lines: FamilyLines): Block | undefined {
    const { series } = lines.names;
    const isAsked = this.only === undefined || lines.isOneOf(this.only);
    const freshness = freshnessOf(family, this.now);
    if (freshness !== 'good') {
      if (isAsked) this[freshness].push(series);
    } else if (family.size > 0 || family.spec.omitEmpty !== true) {
      // Also where it is not shown: a name is that of the same family on all pages.
      const block = this.blocks.blockOf(lines, family.group);
      if (block?.givesWayTo !== undefined) return this.giveWayTo(block.givesWayTo, block, isAsked && block.lines === lines);
      if (!isAsked) return undefined;
      if (block === undefined) this.refuse(family, series);
      else if (block.lines !== lines) this.join(family, lines, block);
      return block;
    }
    return undefined;
  }

  private join(family: FamilyView, lines: FamilyLines, block: Block): void {
    lines.join(block.lines);
    if (block !== this.blocks.all.at(-1)) this.inOrder = false;
    if (family.spec.help !== '' && Buffer.compare(block.lines.metadata('openmetrics'), lines.metadata('openmetrics')) !== 0)
      this.omitted.push(otherMetadata(lines.names.series, block.lines.from, lines.from));
  }

  /** Reported with the block's first family. */
  private giveWayTo(stays: string, { series }: Block, isFirst: boolean): undefined {
    if (isFirst) this.omitted.push({ family: series, reason: 'openmetrics_name', stays });
  }

  /** Reported once a group. */
  private refuse({ group, spec }: FamilyView, series: string): void {
    if (group === this.refused) return;
    this.refused = group;
    this.omitted.push({ family: series === '' ? spec.name : series, reason: 'name' });
  }
}

function otherMetadata(family: string, first: string, other: string): Omitted {
  return first === other ? { family, reason: 'metadata' } : { family, reason: 'metadata', scopes: [first, other] };
}
