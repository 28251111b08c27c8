/** The keys of an action, which `attributes` and `resource` have alike. */
import {
  type Checker,
  type Infer,
  list,
  notSupported,
  oneOf,
  optional,
  section,
  text,
} from '../../../core/config/schema/index.ts';
import { anyValue } from '../any-value.ts';
import { type Regexp, regexp } from '../regexp.ts';

/** What each action reads beside `key`. */
const uses: Readonly<Record<string, readonly string[]>> = {
  insert: ['value', 'from_attribute', 'default_value'],
  update: ['value', 'from_attribute', 'default_value'],
  upsert: ['value', 'from_attribute', 'default_value'],
  delete: ['pattern'],
  hash: ['pattern'],
  extract: ['pattern'],
  convert: ['converted_type'],
};
const others = ['value', 'from_attribute', 'pattern', 'converted_type'] as const;

export const action = section(
  {
    /** The attribute. */
    key: text({ default: '' }),
    action: oneOf(['insert', 'update', 'upsert', 'delete', 'hash', 'extract', 'convert'], { anyCase: true }),
    value: anyValue(),
    from_attribute: optional(text()),
    from_context: notSupported('use value or from_attribute: no component here reads client metadata of requests'),
    /** Where `from_attribute` names none that is there. */
    default_value: anyValue(),
    /** Of names, for `delete` and `hash`; of the value, for `extract`. */
    pattern: optional(regexp()),
    converted_type: optional(oneOf(['string', 'int', 'double'])),
  },
  check,
);

export type ActionSettings = Infer<typeof action>;

/** At least one action. */
export const actions = list(action);

interface Checked {
  readonly key: string;
  readonly action: string;
  readonly from_attribute: string | undefined;
  readonly pattern: Regexp | undefined;
}

function check({ key, action: does, from_attribute: from, pattern }: Checked, on: Checker): void {
  // An empty name is none, as in the Collector.
  const has = (name: string) => on.has(name) && !(name === 'from_attribute' && from === '');
  const reads = uses[does] ?? [];
  const missing = (what: string, fix: string) => on.refuse('', `${does} without ${what}`, `${does} needs it`, fix);
  if (key === '' && !((does === 'delete' || does === 'hash') && on.has('pattern')))
    missing('key', 'add key: the name of the attribute');
  for (const other of others) {
    if (!has(other) || reads.includes(other)) continue;
    on.refuse(other, other, `${does} does not use it`, 'leave it out');
  }
  if (on.has('default_value') && !reads.includes('default_value')) on.warn('default_value', `${does} does not use it`);
  if (pattern?.source === '') on.refuse('pattern', '""', 'an empty pattern would be found everywhere', 'leave it out');
  if (reads.includes('value')) checkSource(has, on, missing);
  if (does === 'convert' && !on.has('converted_type')) missing('converted_type', 'add converted_type: string, int or double');
  if (does !== 'extract') return;
  if (pattern === undefined) missing('pattern', 'add pattern: ^/api/(?P<version>v[0-9]+)');
  else if (pattern.groups.length === 0 || pattern.groups.includes(undefined))
    on.refuse(
      'pattern',
      JSON.stringify(pattern.source),
      'each group of it has a name, and there is one at least',
      'write (?P<name>…)',
    );
}

function checkSource(has: (name: string) => boolean, on: Checker, missing: (what: string, fix: string) => void): void {
  if (has('value') && has('from_attribute'))
    on.refuse('from_attribute', 'a second source', 'there is value or from_attribute', 'keep one of the two');
  if (!['value', 'from_attribute', 'default_value'].some(has)) missing('value', 'add value, from_attribute or default_value');
}
