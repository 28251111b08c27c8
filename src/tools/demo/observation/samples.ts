/** Samples by series, the common form of what was recorded, pulled and pushed. */
import { type ParsedSample, parseExposition } from '../../../formats/exposition/index.ts';

/** Series as text 0.0.4 writes it (`runwisp_runs_total{status="failed"}`, labels sorted) → value. */
export type Samples = ReadonlyMap<string, number>;

type Pairs = ParsedSample['labels'];

export function seriesOf(name: string, labels: Iterable<readonly [string, string]>): string {
  const pairs = [...labels].map(([label, value]) => `${label}=${JSON.stringify(value)}`).sort();
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/**
 * The samples of an exposition in text 0.0.4, without `target_info`.
 * @param keep the labels to keep of a sample; undefined: leave it out
 * @throws when it is not a valid exposition
 */
export function samplesOf(text: string, url: string, keep: (labels: Pairs) => Pairs | undefined = (labels) => labels): Samples {
  const parsed = parseExposition(text, 'text');
  if (!parsed.ok) throw new Error(`${url} is not a valid exposition: ${JSON.stringify(parsed.problems[0])}`);
  const samples = new Map<string, number>();
  for (const { name, labels, value } of parsed.families.flatMap((family) => family.samples)) {
    const kept = name === 'target_info' ? undefined : keep(labels);
    if (kept !== undefined) samples.set(seriesOf(name, kept), value);
  }
  return samples;
}

/** Of what a Collector serves, the samples of one sender, without the labels that the Collector adds. */
export function ofInstance(instance: string): (labels: Pairs) => Pairs | undefined {
  return (labels) => {
    if (!labels.some(([label, value]) => label === 'instance' && value === instance)) return undefined;
    return labels.filter(([label]) => label !== 'instance' && label !== 'job');
  };
}
