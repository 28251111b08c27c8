/**
 * Thirty call sites as a program has them: each a function of its own, with its own instrument and an attribute literal of its
 * own shape. They are generated as source text, because one function for all would let V8 compile it for a single shape, which
 * flatters every contender.
 */
import type { Calls, Shape } from './contenders/contender.ts';
import type { LabelSet } from './label-sets.ts';
import { generator } from './random.ts';

const siteCount = 30;
const bits = 14;
/** Calls ahead of time decide which labels come next: cheaper than drawing them inside the loop. */
const picks = 1 << bits;
/** So many strings are made ahead of the calls that take them: few enough to be in the processor's cache still. */
const pooled = 512;

export interface CallSites {
  /** Calls every site `times` times. */
  run(times: number): void;
  /** Makes the strings of the next `between` runs anew; undefined: the strings are constants. */
  readonly renew: (() => void) | undefined;
  /** How many runs there may be before the next `renew`. */
  readonly between: number;
  readonly sites: number;
}

export interface CallOptions {
  readonly values?: Float64Array;
  readonly zipf?: boolean | undefined;
  readonly fresh?: boolean | undefined;
}

/** `sizes`: how many values each label has; 10 by 10 makes 100 series. */
export function shapesOf(sizes: readonly number[]): readonly Shape[] {
  const words = ['method', 'route', 'zone'];
  return shapes(
    sizes.map((size, at) => ({
      name: words[at] as string,
      values: Array.from({ length: size }, (_, value) => `${words[at]}-${value}`),
    })),
  );
}

export function shapesOfSet({ labels }: LabelSet): readonly Shape[] {
  return shapes(labels);
}

function shapes(labels: Shape['labels']): readonly Shape[] {
  return Array.from({ length: siteCount }, (_, site) => {
    return { name: `bench_requests_${site}`, labels: labels.map(({ name, values }) => ({ name: `${name}_${site}`, values })) };
  });
}

export function callSites({ instruments, call }: Calls, shapes: readonly Shape[], options: CallOptions = {}): CallSites {
  const { values = ones(), zipf = false, fresh = false } = options;
  const labels = shapes[0]?.labels ?? [];
  const parameters = labels.map((_, at) => `l${at}`);
  const sites = shapes.map((shape, site) => {
    const literal = `{ ${shape.labels.map(({ name }, at) => `${name}: l${at}`).join(', ')} }`;
    return `(value, ${parameters.join(', ')}) => { ${call(`instrument${site}`, 'value', literal)}; }`;
  });
  const next = (at: number) => (fresh ? `pools[${at}][turn & ${pooled - 1}]` : `labels${at}[picks${at}[turn]]`);
  const source = `'use strict';
    ${instruments.map((_, site) => `const instrument${site} = instruments[${site}];`).join('\n')}
    const sites = [${sites.join(',\n')}];
    ${labels.map((_, at) => `const labels${at} = labels[${at}].values, picks${at} = picks[${at}];`).join('\n')}
    let turn = 0;
    function renew() {
      for (let ahead = 1; ahead <= ${pooled}; ahead++) fill((turn + ahead) & ${picks - 1});
    }
    function run(times) {
      for (let time = 0; time < times; time++) {
        for (let site = 0; site < ${shapes.length}; site++) {
          turn = (turn + 1) & ${picks - 1};
          sites[site](values[turn], ${labels.map((_, at) => next(at)).join(', ')});
        }
      }
    }
    return { run, renew };`;
  const tables = labels.map((label, at) => pickTable(label, at, zipf && at > 0));
  const pools = labels.map(() => new Array<string>(pooled).fill(''));
  const fillers = labels.map(({ values }, at) => filler(pools[at] as string[], values, tables[at] as Uint16Array));
  const fill = (turn: number) => {
    for (const each of fillers) each(turn);
  };
  const make = new Function('instruments', 'labels', 'picks', 'values', 'pools', 'fill', source);
  const { run, renew } = make(instruments, labels, tables, values, pools, fill);
  if (fresh) renew();
  return {
    run,
    renew: fresh ? renew : undefined,
    between: fresh ? Math.floor(pooled / shapes.length) : Number.POSITIVE_INFINITY,
    sites: shapes.length,
  };
}

export function ones(): Float64Array {
  return new Float64Array(picks).fill(1);
}

/** From 1 ms to 20 s, as many small as large ones. */
export function durations(): Float64Array {
  const random = generator(99);
  return Float64Array.from({ length: picks }, () => 0.001 * 20_000 ** random());
}

/** Puts the string of a turn in its place, made anew from bytes: V8 has not seen it before, and has no hash for it. */
function filler(pool: string[], values: readonly (string | number)[], picked: Uint16Array): (turn: number) => void {
  const bytes = values.map((value) => Buffer.from(String(value)));
  return (turn) => {
    pool[turn & (pooled - 1)] = (bytes[picked[turn] as number] as Buffer).toString('latin1');
  };
}

function pickTable({ values }: Shape['labels'][number], at: number, zipf: boolean): Uint16Array {
  const random = generator(at + 1);
  const size = values.length;
  // Of Zipf's law with exponent 1, the share of the first n values is about ln(n + 1) / ln(size + 1).
  const pick = zipf ? () => Math.floor((size + 1) ** random()) - 1 : () => Math.floor(random() * size);
  return Uint16Array.from({ length: picks }, () => Math.min(size - 1, pick()));
}
