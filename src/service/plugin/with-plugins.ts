/** Our components and those of plugins, whose shape nothing has checked. */
import { parseComponentId } from '../../core/config/schema/index.ts';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';
import type { Factory } from '../component.ts';
import { components as own } from '../components.ts';

/** What a module exports, and what the user calls it. */
export interface Plugin {
  /** For messages: `--plugin ./name-values.ts`. */
  readonly at: string;
  /** Its `components`. */
  readonly components: unknown;
}

const kinds: ReadonlySet<unknown> = new Set(['receiver', 'processor', 'exporter', 'extension']);

/** @throws MeterbridgeError OPTION_INVALID with all problems */
export function withPlugins(plugins: readonly Plugin[]): readonly Factory[] {
  const all = [...own];
  const problems: Problem[] = [];
  for (const { at, components } of plugins) {
    if (!Array.isArray(components)) {
      const fix = 'write export const components = [myReceiver]';
      problems.push({ at, got: shown(components), rule: 'a plugin exports components, an array of factories', fix });
      continue;
    }
    for (const [index, one] of components.entries()) {
      const found = problemOf(one, `${at} components[${index}]`, all);
      if (found === undefined) all.push(one as Factory);
      else problems.push(found);
    }
  }
  if (problems.length > 0) throw new MeterbridgeError('OPTION_INVALID', problems);
  return Object.freeze(all);
}

function problemOf(one: unknown, at: string, known: readonly Factory[]): Problem | undefined {
  if (typeof one !== 'object' || one === null)
    return { at, got: shown(one), rule: 'it is a factory', fix: 'write { kind, type, schema, create }' };
  const { kind, type, schema, create } = one as Readonly<Record<string, unknown>>;
  if (!kinds.has(kind))
    return { at: `${at}.kind`, got: shown(kind), rule: 'a kind is receiver, processor, exporter or extension', fix: 'use one' };
  if (typeof type !== 'string' || parseComponentId(type)?.type !== type)
    return { at: `${at}.type`, got: shown(type), rule: 'a type is what a component id begins with', fix: 'write name_values' };
  if (!isSchema(schema))
    return { at: `${at}.schema`, got: shown(schema), rule: 'a schema declares the keys', fix: 'write section({})' };
  if (typeof create !== 'function')
    return { at: `${at}.create`, got: shown(create), rule: 'it is a function', fix: 'write create(settings, given)' };
  for (const name of ['listens', 'files', 'needs', 'offers']) {
    const found = (one as Readonly<Record<string, unknown>>)[name];
    if (found !== undefined && typeof found !== 'function')
      return { at: `${at}.${name}`, got: shown(found), rule: 'it is a function or absent', fix: 'leave it out' };
  }
  if (known.some((other) => other.kind === kind && other.type === type))
    return { at: `${at}.type`, got: shown(type), rule: `there is such a ${kind} already`, fix: 'choose another type' };
  return undefined;
}

function isSchema(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { read, print, absent } = value as Readonly<Record<string, unknown>>;
  return [read, print, absent].every((one) => typeof one === 'function');
}
