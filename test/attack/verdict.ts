/** What must hold while a neighbour is hostile, and after it. */
import { availableParallelism, loadavg } from 'node:os';
import type { Honest } from './programs.ts';
import { budget, mib } from './served.ts';
import { slack } from './slack.ts';
import type { Turn } from './turn-meter.ts';
import type { Watch } from './watch.ts';

/**
 * CPU time of one turn, without the garbage collector's. A busy machine does not change it, as it does the times of answers,
 * which are reported only.
 */
export const turnMs = 50;
const mostResident = budget + 150 * Math.min(slack, 2) * mib;

/** When each part of the run began, and its end; in ms since 1970. */
export interface Times {
  readonly before: number;
  readonly attack: number;
  readonly settling: number;
  readonly after: number;
  readonly end: number;
}

export interface Verdict {
  /** What did not hold. */
  readonly broken: readonly string[];
  readonly figures: string;
}

export function judge(
  { before, attack, settling, after, end }: Times,
  honest: Honest,
  watch: Watch,
  turns: readonly Turn[],
  mostTurnMs = turnMs,
): Verdict {
  const part = (name: string, from: number, to: number) => {
    const answers = honest.answered.filter(({ due }) => due >= from && due < to);
    const scrapes = watch.scrapes.filter(({ at }) => at >= from && at < to);
    const [p50, p99, most] = quantiles(answers.map(({ ms }) => ms));
    const slowest = Math.max(0, ...scrapes.map(({ ms }) => ms));
    const stall = Math.max(0, ...watch.health.filter(({ at }) => at >= from && at < to).map(({ value }) => value));
    const figures = `${name}: ${answers.length} answers, p50 ${ms(p50)} p99 ${ms(p99)} max ${ms(most)}, scrapes ${ms(slowest)}, health ${ms(stall)}`;
    return { figures };
  };
  const ofAttack = turns.filter(({ at }) => at >= attack && at < settling);
  const longestTurn = longest(ofAttack, 'work');
  const garbage = longest(ofAttack, 'garbage');
  const parts = [part('before', before, attack), part('attack', attack, settling), part('settling', settling, after)];
  const last = part('after', after, end);
  const resident = Math.max(...watch.resident.map(({ value }) => value));
  const wrong = counted(honest.answered.filter(({ status }) => status !== '200').map(({ status }) => status));
  const wrongPages = counted(watch.scrapes.filter(({ status }) => status !== '200').map(({ status }) => status));
  const missing = watch.scrapes.flatMap((one) => one.missing);
  const broken = [
    ...(watch.gone() ? ['the service has ended'] : []),
    ...(longestTurn > mostTurnMs ? [`a turn of the event loop takes ${ms(longestTurn)} of CPU`] : []),
    ...(wrong === '' ? [] : [`honest requests are answered ${wrong}`]),
    ...(wrongPages === '' ? [] : [`scrapes are answered ${wrongPages}`]),
    ...(missing.length > 0 ? [`${missing.length} times a page lacks what was answered 200: ${missing[0]}`] : []),
    ...(resident > mostResident ? [`resident memory grows to ${size(resident)}, above ${size(mostResident)}`] : []),
  ];
  const residentAt = (when: number) => size(watch.resident.findLast(({ at }) => at <= when)?.value ?? 0);
  const memory = `resident ${residentAt(attack)} before, ${size(resident)} at most, ${residentAt(settling)} at the attack's end, ${residentAt(end)} after`;
  const [, late] = quantiles(honest.answered.map((one) => one.late));
  const machine = `senders woke up late by ${ms(late)} at the 99th percentile, load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`;
  const loop = `longest turn ${ms(longestTurn)} of CPU, and ${ms(garbage)} of the garbage collector`;
  const page = size(Math.max(0, ...watch.scrapes.map(({ bytes }) => bytes)));
  return {
    broken,
    figures: [...[...parts, last].map(({ figures }) => figures), loop, `${memory}; page ${page}`, machine].join('\n'),
  };
}

export function longest(turns: readonly Turn[], what: 'work' | 'garbage'): number {
  return Math.max(0, ...turns.map((turn) => turn[what]));
}

const ms = (value: number) => `${Math.round(value)} ms`;
const size = (bytes: number) => `${(bytes / mib).toFixed(bytes < 10 * mib ? 1 : 0)} MiB`;

/** Each text, and how often it is there. */
export function counted(all: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].map(([one, count]) => `${one} (${count} times)`).join(', ');
}

/** The median, the 99th percentile and the largest. */
function quantiles(values: readonly number[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.POSITIVE_INFINITY;
  return [at(0.5), at(0.99), at(1)];
}
