/** Reads the sources of the command line and puts them together. */

import { readTree } from '../../../core/config/read-tree.ts';
import { kindOf, type Tree } from '../../../core/config/tree.ts';
import type { Problem } from '../../../core/errors/error.ts';
import type { Sources } from '../config.ts';
import { merge, nest } from './merge.ts';
import { hasScheme, type Provide } from './provide.ts';

/** Undefined where a source cannot be read at all: what is missing would follow from that. */
export function readSources({ config, set = [] }: Sources, provide: Provide, problems: Problem[]): Tree | undefined {
  const trees = [
    ...config.map((source, index) =>
      treeOf(hasScheme(source) ? source : `file:${source}`, nameOf(source, index), provide, problems),
    ),
    ...set.map((assignment) => assigned(assignment, problems)),
  ];
  if (trees.some((tree) => tree.kind === 'nothing' && tree.broken)) return undefined;
  const start: Tree = { kind: 'section', at: `${nameOf(config[0] ?? '', 0)}:1:1`, entries: new Map() };
  return trees.reduce<Tree>((below, above) => (above.kind === 'nothing' ? below : merge(below, above)), start);
}

/** The name of the source in a location. The text of `yaml:` may hold secrets. */
function nameOf(source: string, index: number): string {
  if (source.startsWith('file:')) return source.slice('file:'.length);
  return source.startsWith('yaml:') ? `--config #${index + 1}` : source;
}

function treeOf(uri: string, name: string, provide: Provide, problems: Problem[]): Tree {
  const provided = provide(uri);
  if (provided.ok) return sectionOf(name, provided.text, problems);
  problems.push({ at: uri.startsWith('file:') ? name : '--config', got: provided.got, rule: provided.rule, fix: provided.fix });
  return { kind: 'nothing', at: name, broken: true };
}

/** `a.b=c`, as `yaml:a::b: c`. */
function assigned(assignment: string, problems: Problem[]): Tree {
  const at = assignment.indexOf('=');
  const keys = at === -1 ? '' : assignment.slice(0, at).trim();
  if (keys !== '')
    return sectionOf(`--set ${keys}`, `${keys.replaceAll('.', '::')}: ${assignment.slice(at + 1).trim()}`, problems);
  problems.push({
    at: '--set',
    got: at === -1 ? 'no =' : 'no key',
    rule: 'it is KEY=VALUE',
    fix: 'write receivers.otlp.protocols.http.endpoint=localhost:4318',
  });
  return { kind: 'nothing', at: '--set', broken: true };
}

function sectionOf(name: string, text: string, problems: Problem[]): Tree {
  const read = readTree(name, text, 'collector');
  problems.push(...read.problems);
  if (read.tree.kind === 'section') return nest(read.tree);
  if (read.tree.kind === 'nothing') return read.tree;
  problems.push({
    at: read.tree.at,
    got: kindOf(read.tree),
    rule: 'a configuration has keys below it',
    fix: 'begin with receivers:',
  });
  return { kind: 'nothing', at: read.tree.at, broken: true };
}
