import { placeOf } from './refuse.ts';
import { textOf } from './scalars.ts';
import type { Schema } from './schema.ts';
import { valueSchema } from './value.ts';

/** `TYPE` or `TYPE/NAME`. */
export interface ComponentId {
  readonly type: string;
  /** Empty: none. */
  readonly name: string;
  /** As the user spells it, without spaces around the parts. */
  readonly id: string;
}

/** A place that names a component. */
export interface Reference extends ComponentId {
  /** `FILE:LINE:COLUMN KEYS`. */
  readonly at: string;
}

const typeRule = /^[a-zA-Z]\w{0,62}$/;
const nameRule = /^[^\s\p{C}\p{Z}][^\p{C}\p{Z}]{0,1023}$/u;

export function componentId(): Schema<Reference> {
  return valueSchema({
    type: 'component id',
    rule: 'it is TYPE or TYPE/NAME: a type of letters, digits and _, and a name without spaces',
    example: 'write otlp or otlp/2',
    read({ tree, keys }) {
      const text = textOf(tree);
      const id = text === undefined ? undefined : parseComponentId(text);
      return id === undefined ? undefined : Object.freeze({ ...id, at: placeOf(tree.at, keys) });
    },
    print: ({ id }) => id,
  });
}

export function parseComponentId(text: string): ComponentId | undefined {
  const slash = text.indexOf('/');
  const type = (slash === -1 ? text : text.slice(0, slash)).trim();
  const name = slash === -1 ? '' : text.slice(slash + 1).trim();
  if (!typeRule.test(type) || (slash !== -1 && !nameRule.test(name))) return undefined;
  return Object.freeze({ type, name, id: name === '' ? type : `${type}/${name}` });
}
