/**
 * Holds what resources send against a contract. It concerns metrics of the meter that has the contract's name, and those whose name the contract has or
 * whose name begins with its; all others pass.
 */
import type { Contract } from '../../contract/index.ts';
import { shown } from '../../errors/shown.ts';
import type { Batch } from '../../otlp/batch/batch.ts';
import { metricAt, metricType, resourceAt, scopeAt } from '../../otlp/batch/batch-index.ts';
import { BatchBuilder } from '../../otlp/batch/rewrite/batch-builder.ts';
import { buildAgain } from '../../otlp/batch/rewrite/build-again.ts';
import { pointsIn, walk } from '../../otlp/batch/walk.ts';
import { stringIn } from '../../otlp/wire/read-message.ts';
import { nameOfTarget, targetOf } from '../../received/names/index.ts';
import type { Consume, NotTaken, Verdict } from '../component.ts';
import { Memo } from '../processors/rewrite/memo.ts';
import { type Broken, type Reason, type Rule, rulesOf } from './rules.ts';

export interface HoldOptions {
  readonly contract: Contract;
  /** Leaves out what breaks the contract, and says so to the sender. */
  readonly refuse: boolean;
  /** Called once for each producer and reason. */
  readonly tell: (line: string) => void;
  /** Called for all of them. */
  readonly count: (reason: Reason, points: number) => void;
}

/** Pairs of a producer and a reason that are told. */
const mostTold = 10_000;
/** A metric's points in runs, so that those between them can be left out. */
type Runs = readonly (readonly [from: number, to: number])[];

/** A function for each receiver: its batches are its own. */
export function createHold({ contract, refuse, tell, count }: HoldOptions): (next: Consume) => Consume {
  const rules = rulesOf(contract);
  const names = [...rules.keys()];
  const told = new Set<string>();
  const prefixes = [`${contract.name}.`, `${contract.name}_`];

  function say({ bytes, index }: Batch, r: number, name: string, { reason, what }: Broken, points: number): void {
    count(reason, points);
    if (told.size >= mostTold) return;
    const producer = nameOfTarget(targetOf(bytes.slice(index[r + resourceAt.from] as number, index[r + resourceAt.to] as number)));
    const key = `${reason} ${producer}`;
    if (told.has(key)) return;
    told.add(key);
    tell(`${shown(name)} of ${producer} breaks the contract ${contract.name}: ${what}`);
  }

  return (next) => {
    const builder = new BatchBuilder();
    // 0: not this contract's; 1: a name that it lacks; from 2 on: its metrics.
    const places = new Memo((bytes) => {
      const name = stringIn(bytes, 0, bytes.length);
      const known = names.indexOf(name);
      const place = known >= 0 ? known + 2 : prefixes.some((prefix) => name.startsWith(prefix)) ? 1 : 0;
      return Uint8Array.of(place & 255, place >> 8);
    });
    const ownScopes = new Memo((bytes) => Uint8Array.of(stringIn(bytes, 0, bytes.length) === contract.name ? 1 : 0));

    function placeOf({ view, index }: Batch, s: number, m: number): number {
      places.find(view, index[m + metricAt.nameFrom] as number, index[m + metricAt.nameTo] as number);
      const place = (places.bytes[places.from] as number) + (places.bytes[places.from + 1] as number) * 256;
      if (place !== 0) return place;
      return ownScopes.flag(view, index[s + scopeAt.nameFrom] as number, index[s + scopeAt.nameTo] as number) ? 1 : 0;
    }

    /** Undefined: all of its points may pass. */
    function runsOf(batch: Batch, r: number, s: number, m: number): Runs | undefined {
      const { bytes, index } = batch;
      const place = placeOf(batch, s, m);
      if (place === 0 || index[m + metricAt.type] === metricType.none) return undefined;
      const rule = place === 1 ? undefined : (rules.get(names[place - 2] as string) as Rule);
      const [first, end, stride] = [m + metricAt.size, index[m + metricAt.end] as number, index[m + metricAt.stride] as number];
      const name = () => stringIn(bytes, index[m + metricAt.nameFrom] as number, index[m + metricAt.nameTo] as number);
      const whole = rule === undefined ? unknownName : rule.metric(batch, m);
      if (whole !== undefined) {
        say(batch, r, name(), whole, pointsIn(batch, m));
        return [];
      }
      if (rule?.point === undefined) return undefined;
      let runs: [number, number][] | undefined;
      let from = first;
      for (let p = first; p < end; p += stride) {
        const broken = rule.point(batch, p);
        if (broken === undefined) continue;
        say(batch, r, name(), broken, 1);
        runs ??= [];
        if (p > from) runs.push([from, p]);
        from = p + stride;
      }
      if (runs !== undefined && from < end) runs.push([from, end]);
      return runs;
    }

    /** The metrics that lose points, by their place, and what they keep. */
    function broken(batch: Batch): ReadonlyMap<number, Runs> {
      const found = new Map<number, Runs>();
      walk(batch, {
        metric(m, s, r) {
          const runs = runsOf(batch, r, s, m);
          if (runs !== undefined) found.set(m, runs);
        },
      });
      return found;
    }

    function without(losing: ReadonlyMap<number, Runs>, batch: Batch): Batch {
      builder.clear();
      buildAgain(builder, batch, {
        metric(m) {
          const runs = losing.get(m);
          if (runs === undefined) builder.metric(m);
          else for (const [from, to] of runs) builder.somePoints(m, from, to);
          return true;
        },
      });
      return builder.end();
    }

    return (batch) => {
      const losing = broken(batch);
      const left = refuse && losing.size > 0 ? without(losing, batch) : batch;
      const lost = batch.points - left.points;
      if (lost === 0) return next(left);
      const own: NotTaken = { points: lost, why: `breaks the contract ${contract.name}` };
      const verdict = left.points === 0 ? undefined : next(left);
      return verdict instanceof Promise ? verdict.then((known) => both(own, known)) : both(own, verdict);
    };
  };
}

const unknownName: Broken = Object.freeze({ reason: 'unknown_name', what: 'it has no metric of that name' });

function both(own: NotTaken, other: Verdict): NotTaken {
  if (other === undefined || other.passes === true || other.error !== undefined) return other ?? own;
  return { ...other, points: own.points + other.points, why: `${own.why}; ${other.why}` };
}
