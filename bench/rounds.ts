/** Runs a case: all contenders take turns in every round, so that whatever else the machine does hits all of them alike. */
import type { BenchCase, Values } from './bench-case.ts';
import { type ContenderProcess, startContender } from './contender-process.ts';
import { median, quantile, rounded } from './statistics.ts';

/** One line of the JSON: a case in one unit. */
export interface Row {
  readonly bench: string;
  readonly case: string;
  readonly unit: string;
  /** Medians by contender. */
  readonly results: Readonly<Record<string, number>>;
  /** First and third quartile by contender. */
  readonly spread: Readonly<Record<string, readonly [number, number]>>;
  /** Median over the rounds of "the contender's figure divided by Meterbridge's in the same round". */
  readonly ratios: Readonly<Record<string, number>>;
  /**
   * Median over the rounds of "Meterbridge's figure divided by the contender's in the same round", each less the empty call's.
   * Only where `empty` takes part.
   */
  readonly beyond?: Readonly<Record<string, number>>;
  readonly rounds: number;
}

export interface RunOptions {
  readonly quick: boolean;
  /** Who takes part; undefined: all. */
  readonly contenders?: readonly string[] | undefined;
  /** No further round begins after this time (`performance.now()`). */
  readonly endBy: number;
  /** Told who does not take part and why. */
  readonly note: (line: string) => void;
  /** Told whose process crashed. Its figures are left out, and the others go on. */
  readonly crashed: (line: string) => void;
}

/** What the ratios are about. */
const subject = 'meterbridge';
/** What both sides of `beyond` are less. */
const floor = 'empty';

/** A contender's figures, round by round. */
type Samples = Map<string, Values[]>;

export async function runCase(asked: BenchCase, options: RunOptions): Promise<readonly Row[]> {
  const one = { ...asked, contenders: asked.contenders.filter((name) => options.contenders?.includes(name) ?? true) };
  const samples: Samples = new Map();
  const rounds = options.quick ? one.quickRounds : one.rounds;
  if (one.fresh === true) await runFresh(one, rounds, samples, options);
  else await runTogether(one, rounds, samples, options);
  return rowsOf(one, samples);
}

async function runTogether(one: BenchCase, rounds: number, samples: Samples, options: RunOptions): Promise<void> {
  const all = await Promise.all(one.contenders.map((name) => startContender(one, name, options.quick)));
  let taking = all.filter((contender) => takesPart(one, contender, options));
  try {
    for (let round = 0; round < rounds && (round === 0 || performance.now() < options.endBy); round++) {
      // Each round begins with another contender: nobody always comes after the one who leaves the caches cold.
      const lost: ContenderProcess[] = [];
      for (let at = 0; at < taking.length; at++) {
        const contender = taking[(at + round) % taking.length] as ContenderProcess;
        if (!(await measured(one, contender, samples, options))) lost.push(contender);
      }
      taking = taking.filter((contender) => !lost.includes(contender));
    }
  } finally {
    await Promise.all(all.map((contender) => contender.end()));
  }
}

async function runFresh(one: BenchCase, rounds: number, samples: Samples, options: RunOptions): Promise<void> {
  const out = new Set<string>();
  for (let round = 0; round < rounds && (round === 0 || performance.now() < options.endBy); round++) {
    for (const name of one.contenders) {
      if (out.has(name)) continue;
      const contender = await startContender(one, name, options.quick);
      const took = takesPart(one, contender, options) && (await measured(one, contender, samples, options));
      if (!took) out.add(name);
      await contender.end();
    }
  }
}

function takesPart(one: BenchCase, { name, out }: ContenderProcess, options: RunOptions): boolean {
  if (out === undefined) return true;
  leaveOut(one, name, out.reason, out.crashed ? options.crashed : options.note);
  return false;
}

function leaveOut(one: BenchCase, name: string, reason: string, tell: (line: string) => void): void {
  tell(`${one.suite} ${one.name}: without ${name}: ${reason}`);
}

/** False when the process has crashed: what it measured before is not worth showing. */
async function measured(
  one: BenchCase,
  contender: ContenderProcess,
  samples: Samples,
  { crashed }: RunOptions,
): Promise<boolean> {
  const { name } = contender;
  try {
    const values = await contender.round();
    const list = samples.get(name);
    if (list === undefined) samples.set(name, [values]);
    else list.push(values);
    return true;
  } catch (error) {
    samples.delete(name);
    leaveOut(one, name, (error as Error).message, crashed);
    return false;
  }
}

function rowsOf(one: BenchCase, samples: Samples): readonly Row[] {
  const units = new Set([...samples.values()].flatMap((list) => list.flatMap((values) => Object.keys(values))));
  return [...units].map((unit) => {
    const own = samples.get(subject)?.map((values) => values[unit]);
    const results: Record<string, number> = {};
    const spread: Record<string, readonly [number, number]> = {};
    const ratios: Record<string, number> = {};
    const beyond: Record<string, number> = {};
    const least = samples.get(floor)?.map((values) => values[unit]);
    for (const [name, list] of samples) {
      const figures = list.flatMap((values) => values[unit] ?? []);
      if (figures.length === 0) continue;
      results[name] = rounded(median(figures));
      spread[name] = [rounded(quantile(figures, 0.25)), rounded(quantile(figures, 0.75))];
      const ratio = median(
        figures.flatMap((figure, round) => ((own?.[round] ?? 0) > 0 && figure > 0 ? figure / (own?.[round] as number) : [])),
      );
      if (Number.isFinite(ratio)) ratios[name] = rounded(ratio);
      const share = median(figures.flatMap((figure, round) => shareOf(own?.[round], figure, least?.[round]) ?? []));
      if (Number.isFinite(share)) beyond[name] = rounded(share);
    }
    const rounds = Math.max(...[...samples.values()].map((list) => list.length));
    return { bench: one.suite, case: one.name, unit, results, spread, ratios, beyond, rounds };
  });
}

function shareOf(own: number | undefined, figure: number, least: number | undefined): number | undefined {
  if (own === undefined || least === undefined || figure <= least) return undefined;
  return Math.max(0, own - least) / (figure - least);
}
