/**
 * How names that the formats cannot hold bare are written: as UTF-8 in quotes, or by one of Prometheus' escaping schemes
 * ("Escaping schemes"). The scraper chooses with the parameter `escaping` of `Accept`.
 */
import { isBareLabel, isBareName } from '../../core/naming/index.ts';

export const escapings = ['underscores', 'allow-utf-8', 'dots', 'values'] as const;
export type Escaping = (typeof escapings)[number];

const replacements: Readonly<Record<Escaping, (char: string) => string>> = {
  'allow-utf-8': (char) => char,
  underscores: () => '_',
  dots: (char) => (char === '.' ? '_dot_' : '__'),
  values: (char) => (char === '_' ? '__' : `_${char.codePointAt(0)?.toString(16)}_`),
};

/** Bare names stay as they are, as in client_golang, though `dots` would double their underscores. */
export function escapedName(name: string, escaping: Escaping): string {
  return isBareName(name) ? name : escaped(name, escaping, /^[0-9]|[^a-zA-Z0-9:]/gu);
}

/** Never with two underscores at the beginning: Prometheus reserves such names, and would take `__name__` for the metric's. */
export function escapedLabel(name: string, escaping: Escaping): string {
  return isBareLabel(name) ? name : escaped(name, escaping, /^[0-9]|[^a-zA-Z0-9]/gu).replace(/^__+/, '_');
}

function escaped(name: string, escaping: Escaping, others: RegExp): string {
  return (escaping === 'values' ? 'U__' : '') + name.replace(others, replacements[escaping]);
}
