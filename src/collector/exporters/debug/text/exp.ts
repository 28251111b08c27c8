/**
 * eˣ to the last bit as Go computes it on x86-64 (Shibata's method, with fused multiplications), since the text shows all digits of a bound; another
 * machine's Collector may differ in the last one.
 */

const ln2High = 0.693147180559663;
const ln2Low = 0.28235290563031577e-12;
/** 1/8!, 1/7!, … 1/0! */
const taylor = [1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1] as const;

export function exp(x: number): number {
  if (Number.isNaN(x) || x > 709.782712893384) return x > 0 ? Number.POSITIVE_INFINITY : x;
  const exponent = toEven(x * Math.LOG2E);
  if (exponent < -1075) return 0;
  const rest = fused(-exponent, ln2Low, fused(-exponent, ln2High, x)) * 0.0625;
  let sum: number = taylor[0];
  for (const term of taylor.slice(1)) sum = fused(sum, rest, term);
  let power = rest * sum;
  for (let i = 0; i < 3; i++) power *= power + 2;
  power = fused(power, power + 2, 1);
  if (exponent > 1023) return Number.POSITIVE_INFINITY;
  return exponent > -1023 ? power * 2 ** exponent : power * 2 ** (exponent + 1022) * 2 ** -1022;
}

/** To the nearest whole number; halfway, to the even one. */
function toEven(value: number): number {
  const low = Math.floor(value);
  const over = value - low;
  return over < 0.5 || (over === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** a·b + c, rounded once (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums"). */
function fused(a: number, b: number, c: number): number {
  const product = a * b;
  const [low, lowRest] = exactSum(c, productRest(a, b, product));
  const [sum, sumRest] = exactSum(product, low);
  return sum + oddSum(sumRest, lowRest);
}

/** Sum and rounding error. */
function exactSum(a: number, b: number): readonly [sum: number, rest: number] {
  const sum = a + b;
  const of = sum - a;
  return [sum, a - (sum - of) + (b - of)];
}

/** The rounding error of a product. */
function productRest(a: number, b: number, product: number): number {
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

function halves(value: number): readonly [high: number, low: number] {
  const scaled = value * 134_217_729;
  const high = scaled - (scaled - value);
  return [high, value - high];
}

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** A sum that is not exact ends in an odd bit, so that the next rounding is as if it were. */
function oddSum(a: number, b: number): number {
  const [sum, rest] = exactSum(a, b);
  double[0] = sum;
  const now = bits[0] as bigint;
  if (rest === 0 || (now & 1n) === 1n) return sum;
  bits[0] = now + (rest > 0 === sum > 0 ? 1n : -1n);
  return double[0];
}
