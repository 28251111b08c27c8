/**
 * The factor between two units of UCUM, exactly: `ms` → `s` is 0.001, `KiBy` → `By` is 1,024. It knows the units of programs
 * (time, bytes, ratios, and the SI units that Prometheus has words for). Units with an offset (`Cel`, `[degF]`) have no factor to
 * others.
 */

interface Scale {
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** Exponents by base unit; none is 0. */
  readonly dimensions: ReadonlyMap<string, number>;
}

type BaseUnit = readonly [numerator: bigint, denominator: bigint, dimensions: Readonly<Record<string, number>>];

/** Units without prefixes. */
const plain: ReadonlyMap<string, BaseUnit> = new Map<string, BaseUnit>([
  ['1', [1n, 1n, {}]],
  ['%', [1n, 100n, {}]],
  ['[ppth]', [1n, 1_000n, {}]],
  ['[ppm]', [1n, 1_000_000n, {}]],
  ['min', [60n, 1n, { s: 1 }]],
  ['h', [3_600n, 1n, { s: 1 }]],
  ['d', [86_400n, 1n, { s: 1 }]],
  ['wk', [604_800n, 1n, { s: 1 }]],
  ['Cel', [1n, 1n, { Cel: 1 }]],
]);

/** Units that take metric prefixes; bytes and bits take binary ones, too. */
const metric: ReadonlyMap<string, BaseUnit> = new Map<string, BaseUnit>([
  ['s', [1n, 1n, { s: 1 }]],
  ['By', [8n, 1n, { bit: 1 }]],
  ['bit', [1n, 1n, { bit: 1 }]],
  ['m', [1n, 1n, { m: 1 }]],
  ['g', [1n, 1n, { g: 1 }]],
  ['V', [1n, 1n, { V: 1 }]],
  ['A', [1n, 1n, { A: 1 }]],
  ['K', [1n, 1n, { K: 1 }]],
  ['J', [1n, 1n, { J: 1 }]],
  ['W', [1n, 1n, { J: 1, s: -1 }]],
  ['Hz', [1n, 1n, { s: -1 }]],
]);

const prefixes: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
  ['n', [1n, 1_000_000_000n]],
  ['u', [1n, 1_000_000n]],
  ['m', [1n, 1_000n]],
  ['c', [1n, 100n]],
  ['d', [1n, 10n]],
  ['k', [1_000n, 1n]],
  ['M', [1_000_000n, 1n]],
  ['G', [1_000_000_000n, 1n]],
  ['T', [1_000_000_000_000n, 1n]],
  ['P', [1_000_000_000_000_000n, 1n]],
]);

const binary: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
  // Not UCUM's `k`, but what Prometheus' and the Collector's table of units knows.
  ['K', [1_000n, 1n]],
  ['Ki', [1n << 10n, 1n]],
  ['Mi', [1n << 20n, 1n]],
  ['Gi', [1n << 30n, 1n]],
  ['Ti', [1n << 40n, 1n]],
  ['Pi', [1n << 50n, 1n]],
]);

/** Longer than any unit, and short enough for whoever reads it. */
const longest = 100;
const highestExponent = 9;

/**
 * New value = old value × factor; undefined if there is none. An empty unit or an annotation alone (`{run}`) declares no scale:
 * only another of them, or `1`, is the same.
 */
export function unitFactor(from: string, to: string): number | undefined {
  if (from === to) return 1;
  const [old, next] = [scaleOf(from), scaleOf(to)];
  if (old === undefined || next === undefined || !sameDimensions(old, next)) return undefined;
  const factor = quotient(old.numerator * next.denominator, old.denominator * next.numerator);
  return factor === 1 || (declaresScale(from) && declaresScale(to)) ? factor : undefined;
}

function declaresScale(unit: string): boolean {
  return bare(unit) !== '';
}

function bare(unit: string): string {
  return unit.trim().replace(/\{[^{}]*\}/g, '');
}

function sameDimensions({ dimensions: a }: Scale, { dimensions: b }: Scale): boolean {
  return a.size === b.size && [...a].every(([base, exponent]) => b.get(base) === exponent);
}

/** In lowest terms, so that the division rounds once. */
function quotient(numerator: bigint, denominator: bigint): number {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return Number(numerator / a) / Number(denominator / a);
}

/** Terms with `.` and `/` between them, exponents (`m2`, `s-1`), and annotations, which say nothing of the scale. */
function scaleOf(unit: string): Scale | undefined {
  if (unit.length > longest) return undefined;
  let result = one;
  for (const [index, part] of bare(unit).split('/').entries()) {
    for (const term of part.split('.')) {
      const scale = term === '' ? one : termScale(term);
      if (scale === undefined) return undefined;
      result = product(result, scale, index === 0 ? 1 : -1);
    }
  }
  return result;
}

const one: Scale = { numerator: 1n, denominator: 1n, dimensions: new Map() };

function termScale(term: string): Scale | undefined {
  const whole = symbolScale(term);
  if (whole !== undefined) return whole;
  const [, symbol, digits] = /^(.*?[^\d+-])([+-]?\d)$/.exec(term) ?? [];
  const exponent = Number(digits);
  const base = symbol === undefined ? undefined : symbolScale(symbol);
  if (base === undefined || exponent === 0 || Math.abs(exponent) > highestExponent) return undefined;
  let result = one;
  for (let n = 0; n < Math.abs(exponent); n++) result = product(result, base, Math.sign(exponent));
  return result;
}

function product(a: Scale, b: Scale, sign: number): Scale {
  const dimensions = new Map(a.dimensions);
  for (const [base, exponent] of b.dimensions) {
    const sum = (dimensions.get(base) ?? 0) + sign * exponent;
    if (sum === 0) dimensions.delete(base);
    else dimensions.set(base, sum);
  }
  const [up, down] = sign > 0 ? [b.numerator, b.denominator] : [b.denominator, b.numerator];
  return { numerator: a.numerator * up, denominator: a.denominator * down, dimensions };
}

/** A unit by itself goes before a prefix: `min` is a minute, `m` a metre, `d` a day. */
function symbolScale(symbol: string): Scale | undefined {
  const known = plain.get(symbol) ?? metric.get(symbol);
  if (known !== undefined) return scaled(known, [1n, 1n]);
  for (const [name, unit] of metric) {
    if (!symbol.endsWith(name)) continue;
    const prefix = symbol.slice(0, -name.length);
    const factor = prefixes.get(prefix) ?? (name === 'By' || name === 'bit' ? binary.get(prefix) : undefined);
    if (factor !== undefined) return scaled(unit, factor);
  }
  return undefined;
}

function scaled([numerator, denominator, dimensions]: BaseUnit, [up, down]: readonly [bigint, bigint]): Scale {
  return { numerator: numerator * up, denominator: denominator * down, dimensions: new Map(Object.entries(dimensions)) };
}
