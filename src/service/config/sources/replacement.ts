import { readTree } from '../../../core/config/read-tree.ts';
import type { Findings } from '../../../core/config/schema/index.ts';
import { refuse } from '../../../core/config/schema/refuse.ts';
import type { Scalar, Tree } from '../../../core/config/tree.ts';
import type { Provide } from './provide.ts';

/** The value within a string, and the value on its own. */
export interface Replacement {
  readonly text: string;
  readonly typed: string | Tree;
}

/** What a reference in a value stands for. Undefined: a problem was reported. */
export function replacementOf(
  scalar: Scalar,
  keys: string,
  uri: string,
  provide: Provide,
  findings: Findings,
): Replacement | undefined {
  const provided = provide(uri);
  if (!provided.ok) {
    const got = provided.path === undefined ? provided.got : `${JSON.stringify(provided.path)}, ${provided.got}`;
    refuse({ tree: scalar, keys }, findings, got, provided.rule, provided.fix);
    return undefined;
  }
  const { text } = provided;
  if (provided.unset)
    findings.warnings.push(`${scalar.at} ${keys}: the variable ${uri.slice('env:'.length)} is not set; its value is empty`);
  if (provided.verbatim) return { text, typed: text };
  const { tree, problems } = readTree(uri.startsWith('file:') ? uri.slice('file:'.length) : shownUri(uri), text, 'collector');
  if (problems.length > 0) return { text, typed: text };
  if (tree.kind === 'nothing') return { text, typed: { kind: 'nothing', at: scalar.at, text, zero: true } };
  if (tree.kind === 'scalar')
    return { text, typed: typeof tree.value === 'string' ? text : { ...tree, at: scalar.at, text, alsoText: true } };
  return { text, typed: { ...tree, text } };
}

/** What `yaml:` holds, or a default, may be a secret. */
export function shownUri(uri: string): string {
  const [scheme = '', ...rest] = uri.split(':');
  return scheme === 'yaml' ? 'yaml:' : `${scheme}:${rest.join(':').replace(/:-.*$/s, '')}`;
}
