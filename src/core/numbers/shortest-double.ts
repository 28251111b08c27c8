/**
 * Finds the shortest digits of a double without a string, for fractions from 1e-6 on, the usual measurements: the value times a
 * power of ten is known exactly as a sum of two doubles (Dekker's product), and all that rounds to the value lies within half a
 * unit in the last place. Where a decision depends on less than `doubt`, the caller uses `String`. `bench/render.ts`, "full
 * doubles", compares the two.
 */

/** From here on, the exact product with 10^22, the largest power of ten that is a double, has 17 digits. */
const least = 1e-6;
/** No double from here on has a fraction. */
const most = 2 ** 52;
const digits = 17;
const tooLarge = 1e17;
const half8 = 1e8;
const splitter = 2 ** 27 + 1;
const doubt = 1e-6;
const log10Of2 = 0.30102999566398;

const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const powersHigh = powers.map(highPart);
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** `high` and `low` decimal digits (nine and eight) of `value * 10^exponent`. Filled by `findShortest`. */
export const shortest = { high: 0, low: 0, exponent: 0 };

/** Finds the shortest digits of a positive number that is no integer. False: not found. */
export function findShortest(value: number): boolean {
  if (!(value >= least && value < most)) return false;
  bits[0] = value;
  const top = words[highWord] as number;
  // At a power of two the doubles below lie closer than those above.
  if ((top & 0xfffff) === 0 && words[1 - highWord] === 0) return false;
  const binary = (top >>> 20) - 1023;
  let exponent = Math.min(22, digits - 1 - Math.floor(binary * log10Of2));
  if (value * (powers[exponent] as number) >= tooLarge) exponent--;

  const power = powers[exponent] as number;
  const product = value * power;
  const valueHigh = highPart(value);
  const valueLow = value - valueHigh;
  const powerHigh = powersHigh[exponent] as number;
  const powerLow = power - powerHigh;
  /** `product + rest` is exact. */
  const rest = valueHigh * powerHigh - product + valueHigh * powerLow + valueLow * powerHigh + valueLow * powerLow;

  words[highWord] = (binary - 53 + 1023) << 20;
  words[1 - highWord] = 0;
  const reach = power * (bits[0] as number);

  let high = Math.floor(product / half8);
  let low = product - high * half8;
  if (low < 0) {
    high--;
    low += half8;
  }
  // Integers of 32 bits from here on: a remainder of doubles is a call.
  const lowInteger = low | 0;
  for (let step = 100; step >= 1; step = (step / 10) | 0) {
    const tail = (lowInteger % step) | 0;
    const over = tail + rest;
    const up = Math.floor(over / step + 0.5) * step;
    const distance = Math.abs(over - up);
    if (Math.abs(distance - reach) < doubt || step / 2 - distance < doubt) return false;
    if (distance > reach) continue;
    low += up - tail;
    if (low < 0 || low >= half8 || high < half8 || high >= half8 * 10) return false;
    shortest.high = high;
    shortest.low = low;
    shortest.exponent = exponent;
    return true;
  }
  return false;
}

/** The upper 26 bits of a double, so that products of such parts are exact. */
function highPart(value: number): number {
  const scaled = splitter * value;
  return scaled - (scaled - value);
}
