/** Random expressions over the mill's old metrics: vectors of native histograms, what functions make of them, and summaries. */
import type { Random } from '../random.ts';

const values = { till: ['left', 'right'], floor: ['one', 'two', 'three'] } as const;
const histograms = ['mill_waits_seconds', 'mill_loads_seconds', 'mill_grinds_seconds'];

/** Numbers. @param depth how many levels at most, beside what is made of a selector */
export function expressionOf(draw: Random, depth = 2): string {
  if (depth === 0) return leaf(draw);
  const inner = () => expressionOf(draw, depth - 1);
  return draw.pick([
    () => leaf(draw),
    () => `${draw.pick(['sum', 'max', 'avg', 'min', 'count'])} ${draw.pick(['by', 'without'])} (${labels(draw)}) (${inner()})`,
    () => `${inner()} ${draw.pick(['>', '<', '*', '+'])} ${draw.between(1, 9)}.37`,
    () => `${inner()} / on (${labels(draw)}) group_left () sum by (${labels(draw)}) (${inner()})`,
    () => `max_over_time((${inner()})[5m:1m])`,
    () => `label_replace(${inner()}, "where", "$1", "${labels(draw)}", "(.+)")`,
    () => `abs(${inner()})`,
  ])();
}

function leaf(draw: Random): string {
  return draw.pick([
    () => `histogram_${draw.pick(['count', 'sum', 'avg', 'stddev', 'stdvar'])}(${native(draw, 2)})`,
    () => `histogram_${draw.pick(['count', 'sum', 'avg'])}(${native(draw, 2)})`,
    () => `histogram_quantile(0.${draw.between(1, 9)}, ${native(draw, 2)})`,
    () => `histogram_fraction(0.1, ${draw.between(1, 3)}, ${native(draw, 1)})`,
    () => `sum by (${labels(draw)}) (rate(mill_loads_seconds_${draw.pick(['count', 'sum'])}${matchers(draw)}[5m]))`,
    () => `histogram_quantile(0.9, sum by (le, ${labels(draw)}) (rate(mill_loads_seconds_bucket${matchers(draw)}[5m])))`,
    () => `mill_turns_seconds${matchers(draw, `quantile="${draw.pick([0.5, 0.9, 0.99])}"`)}`,
    () => `avg_over_time(mill_turns_seconds${matchers(draw, 'quantile!="0.5"')}[5m])`,
    () => `rate(mill_turns_seconds_${draw.pick(['count', 'sum'])}${matchers(draw)}[5m])`,
    () => `rate(mill_sacks_total${matchers(draw, draw.pick(['plant="north"', 'plant!=""', 'till!=""']))}[5m])`,
  ])();
}

/** Vectors of native histograms. */
function native(draw: Random, depth: number): string {
  const selector = () => `${draw.pick(histograms)}${matchers(draw)}`;
  const over = () =>
    `${draw.pick(['rate', 'rate', 'increase', 'sum_over_time', 'avg_over_time', 'last_over_time'])}(${selector()}[5m])`;
  if (depth === 0) return draw.next() < 0.2 ? selector() : over();
  const inner = () => native(draw, depth - 1);
  return draw.pick([
    over,
    () => `sum(${inner()})`,
    () => `sum by (${labels(draw)}) (${inner()})`,
    () => `sum without (${labels(draw)}) (${inner()})`,
    () => `avg by (${labels(draw)}) (${inner()})`,
    () => `${draw.between(2, 5)} * ${inner()}`,
    () => `(${inner()}) / ${draw.between(2, 5)}`,
    () => `sum by (${labels(draw)}) (${inner()}) + sum by (${labels(draw)}) (${inner()})`,
  ])();
}

const labels = (draw: Random) => draw.pick(['till', 'floor', 'till, floor']);

function matchers(draw: Random, first?: string): string {
  const drawn = (['till', 'floor'] as const).flatMap((label) => {
    if (draw.next() < 0.65) return [];
    const value = draw.pick<string>(values[label]);
    return [draw.pick([`${label}="${value}"`, `${label}!="${value}"`, `${label}=~"${value}|other"`, `${label}=~".+"`])];
  });
  const all = [...(first === undefined ? [] : [first]), ...drawn];
  return all.length === 0 ? '' : `{${all.join(', ')}}`;
}
