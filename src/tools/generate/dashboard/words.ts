/** Families in words, for titles and rows. */
import type { Contract, Metric } from '../../../core/contract/index.ts';

/** `runwisp.task.cpu` with the prefix `runwisp` → `Task cpu`; with another prefix, all words. */
export function titleOf({ instrument }: Metric, prefixes: readonly string[]): string {
  const all = instrument.split(/[._/-]+/).filter((word) => word !== '');
  const begun = prefixes.map((prefix) => prefix.split('_')).find((prefix) => prefix.every((word, at) => all[at] === word));
  const rest = all.slice(begun?.length ?? 0);
  return capitalised((rest.length === 0 ? all : rest).join(' '));
}

export interface Group {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

const GENERAL = 'General';
const DEPRECATED = 'Deprecated';

/**
 * Families by the first word of their names, after the prefix; `assignment` and `assignments` are one. A family that has no other
 * beside it, and those that say what runs, are in the first group, deprecated ones in the last.
 */
export function groupsOf(contract: Contract, prefixes: readonly string[]): readonly Group[] {
  const metrics = Object.values(contract.metrics);
  const deprecated = metrics.filter((metric) => metric.deprecated !== undefined);
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    if (metric.deprecated !== undefined) continue;
    const word = metric.kind === 'info' ? GENERAL : singular(titleOf(metric, prefixes).split(' ')[0] ?? '');
    groups.set(word, [...(groups.get(word) ?? []), metric]);
  }
  const alone = (word: string, all: readonly Metric[]) => word === GENERAL || all.length === 1;
  const general = [...groups].filter(([word, all]) => alone(word, all)).flatMap(([, all]) => all);
  const rest = [...groups].filter(([word, all]) => !alone(word, all));
  return [
    { title: GENERAL, metrics: general },
    ...rest.map(([title, all]) => ({ title, metrics: all })),
    { title: DEPRECATED, metrics: deprecated },
  ].filter((group) => group.metrics.length > 0);
}

/** As far as it makes groups: `queries` → `query`, `pushes` → `push`, `runs` → `run`. */
function singular(word: string): string {
  if (/..ies$/i.test(word)) return word.replace(/ies$/i, 'y');
  if (/(?:sh|ch|ss|x)es$/i.test(word)) return word.replace(/es$/i, '');
  return /[^s]s$/i.test(word) && !/us$/i.test(word) ? word.replace(/s$/i, '') : word;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
