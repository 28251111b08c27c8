/** Numbers as a person reads them, each with its unit. A number that is not known is a dash, never 0. */
import { type Element, h } from './node.ts';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const steps = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
] as const;
const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const binaryStep = 1_024;

export const unknown = '–';

/** All its digits: `12,345`. */
export const count = (value: number): string => whole.format(value);

/** Three of its digits: `980`, `12.3k`, `0.25`. Below 10,000, all of those before the point. */
export function rounded(value: number): string {
  const size = Math.abs(value);
  for (const [step, letter] of steps) if (size >= step) return three.format(value / (letter === 'k' ? 1e3 : step)) + letter;
  if (size >= 100 || size === 0) return whole.format(value);
  return size < 1 ? small.format(value) : three.format(value);
}

export function bytes(value: number): string {
  let [size, unit] = [value, 0];
  while (size >= binaryStep && unit < binary.length - 1) [size, unit] = [size / binaryStep, unit + 1];
  return `${unit === 0 ? whole.format(size) : three.format(size)} ${binary[unit]}`;
}

export const percent = (part: number): string =>
  `${part > 0 && part < 0.01 ? small.format(part * 100) : whole.format(part * 100)} %`;

export function seconds(value: number): string {
  if (Math.abs(value) < 1) return `${three.format(value * 1_000)} ms`;
  if (Math.abs(value) < 120) return `${three.format(value)} s`;
  return duration(value * 1_000);
}

/** Two units at most: `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const [days, hours, minutes, rest] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3_600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  if (days > 0) return pair(days, 'd', hours, 'h');
  if (hours > 0) return pair(hours, 'h', minutes, 'min');
  return minutes > 0 ? pair(minutes, 'min', rest, 's') : `${rest} s`;
}

const pair = (big: number, bigUnit: string, rest: number, unit: string) =>
  `${big} ${bigUnit}${rest > 0 ? ` ${rest} ${unit}` : ''}`;

export function ago(at: number, now: number): Element {
  const ms = now - at;
  const text = ms < 1_500 ? 'just now' : `${ms < 60_000 ? duration(ms) : coarse(ms)} ago`;
  return h('time', { datetime: new Date(at).toISOString(), title: new Date(at).toISOString() }, text);
}

function coarse(ms: number): string {
  const [full] = duration(ms).split(/(?<=[a-z]) /);
  return full as string;
}

/** `14:02:11 UTC`, with the date unless it is that of `now`. */
export function clockTime(at: number, now: number): Element {
  const [day, time] = new Date(at).toISOString().split('T') as [string, string];
  const today = new Date(now).toISOString().startsWith(day);
  return h('time', { datetime: new Date(at).toISOString() }, `${today ? '' : `${day} `}${time.slice(0, 8)} UTC`);
}

/** A number and its unit; the exact number shows on pointing at it. */
export function figure(value: number | undefined, unit: string, text: (value: number) => string = rounded): Element {
  if (value === undefined) return h('span', { class: 'figure unknown', title: 'not known yet' }, unknown);
  return h(
    'span',
    { class: 'figure', title: `${value} ${unit}`.trim() },
    text(value),
    unit !== '' && h('span', { class: 'unit' }, ` ${unit}`),
  );
}
