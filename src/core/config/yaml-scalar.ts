/**
 * Which type a scalar has. `collector`: as Go's yaml.v3 resolves it without knowing what is wanted (YAML 1.2 with the numbers of
 * 1.1).
 * `exporter-toolkit`: as the same parser fills the fields of Prometheus's Exporter Toolkit; every spelling is a string, and YAML
 * 1.1's flags are flags.
 */
export type Dialect = 'collector' | 'exporter-toolkit';

export interface Spelling {
  /** Without quotes, and no block. */
  readonly plain: boolean;
  readonly tag: string | undefined;
  readonly dialect: Dialect;
}

const nothing: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const flags: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);
/** YAML 1.1. */
const yes = /^(?:y|yes|true|on)$/i;
const no = /^(?:n|no|false|off)$/i;
const whole = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const special: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, Number.NEGATIVE_INFINITY] as const),
]);

export function resolve(text: string, { plain, tag, dialect }: Spelling): string | number | boolean | Date | null {
  if (tag === 'tag:yaml.org,2002:str' || tag === '!') return text;
  const typed = plain || tag?.startsWith('tag:yaml.org,2002:') === true;
  // The Exporter Toolkit's fields are strings, for which an empty one is none.
  if (dialect === 'exporter-toolkit' && text === '') return null;
  if (!typed) return text;
  if (nothing.has(text)) return null;
  if (dialect === 'exporter-toolkit' && (yes.test(text) || no.test(text))) return yes.test(text);
  return flags.get(text) ?? special.get(text) ?? numberOf(text) ?? (dialect === 'collector' ? timeOf(text) : undefined) ?? text;
}

function numberOf(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const [, sign, hex, binary, octal, plain] = whole.exec(digits) ?? [];
  const magnitude =
    fromBase(hex, 16) ?? fromBase(binary, 2) ?? fromBase(octal, 8) ?? (plain === undefined ? undefined : Number(plain));
  if (magnitude !== undefined) return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
  return decimal.test(digits) ? Number(digits) : undefined;
}

function fromBase(digits: string | undefined, base: number): number | undefined {
  return digits === undefined ? undefined : Number.parseInt(digits, base);
}

/** YAML 1.1: `2026-11-22` is no string. */
function timeOf(text: string): Date | undefined {
  const [, year, month, day] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return time.getUTCMonth() === Number(month) - 1 && time.getUTCDate() === Number(day) ? time : undefined;
}
