/** Holds source files against the table of imports. Pure: text in, findings out. */
import { posix } from 'node:path';
import ts from 'typescript-6';
import { type Area, development, shared } from './imports.ts';

export type Areas = Readonly<Record<string, Area>>;
/** Path from the repository's root → text. */
export type Files = ReadonlyMap<string, string>;
/** What the package exports: specifier → source file. */
export type Exports = ReadonlyMap<string, string>;

export interface Finding {
  readonly id: 'forbidden-import' | 'forbidden-package' | 'unknown-area' | 'circle' | 'long-file';
  readonly at: string;
  readonly message: string;
}

/** House rule: a file fits in a head. */
export const maxLines = 300;

/** What a file imports or re-exports, as it is written; types and `import('…')` with a literal included. */
export function importsOf(text: string): readonly { readonly specifier: string; readonly line: number }[] {
  return ts.preProcessFile(text, true, false).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: text.slice(0, pos).split('\n').length,
  }));
}

/** The row of the table that a file belongs to, or `undefined` if there is none. */
export function areaOf(file: string, areas: Areas): string | undefined {
  const folders = file.split('/').slice(0, -1);
  const [top = file] = folders;
  const nested = folders.map((_, at) => folders.slice(0, folders.length - at).join('/')).slice(0, -1);
  // A folder below `src/` needs its own row: it never counts as an entry point.
  const candidates = [
    ...nested,
    ...(nested.length > 0 ? [`${top}/*`] : []),
    ...(top === 'src' && nested.length > 0 ? [] : [top]),
  ];
  return candidates.find((name) => Object.hasOwn(areas, name));
}

export function findings(files: Files, areas: Areas, own: Exports = new Map()): readonly Finding[] {
  return [...importFindings(files, areas, own), ...circles(files, own), ...longFiles(files)];
}

export function importFindings(files: Files, areas: Areas, own: Exports): readonly Finding[] {
  return [...files].flatMap(([file, text]) => {
    const area = areaOf(file, areas);
    if (area === undefined)
      return [{ id: 'unknown-area' as const, at: file, message: 'no row in the table of imports names its folder' }];
    return importsOf(text).flatMap(({ specifier, line }) => judge(file, area, specifier, areas, own, `${file}:${line}`));
  });
}

function judge(file: string, area: string, specifier: string, areas: Areas, own: Exports, at: string): readonly Finding[] {
  if (specifier.startsWith('node:')) return [];
  const exported = own.get(specifier);
  if (exported !== undefined) {
    const allowed = areas[area]?.exported?.some((other) => other === areaOf(exported, areas));
    return allowed ? [] : [{ id: 'forbidden-import', at, message: `${area} may not import ${specifier}` }];
  }
  if (!specifier.startsWith('.')) {
    const name = packageOf(specifier);
    if (development.some((free) => free === area) || areas[area]?.packages?.includes(name)) return [];
    return [{ id: 'forbidden-package', at, message: `${area} may not import the package ${name}` }];
  }
  const target = resolve(file, specifier);
  const other = areaOf(target, areas);
  const sibling = area.endsWith('/*') && other === area && folderOf(file) !== folderOf(target);
  const allowed = other !== undefined && ([area, ...shared].includes(other) || areas[area]?.imports.includes(other));
  if (allowed && !sibling) return [];
  return [{ id: 'forbidden-import', at, message: `${sibling ? folderOf(file) : area} may not import ${target}` }];
}

/** Every knot of imports is reported by at least one circle, its files in import order; types count, too. */
export function circles(files: Files, own: Exports = new Map()): readonly Finding[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: Finding[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      const circle = [...path.slice(path.indexOf(file)), file];
      found.push({ id: 'circle', at: file, message: circle.join(' → ') });
      return;
    }
    state.set(file, 'open');
    for (const next of neighbours(file, files, own)) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files.keys()) visit(file, []);
  return found;
}

export function longFiles(files: Files): readonly Finding[] {
  return [...files].flatMap(([file, text]) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    return lines <= maxLines ? [] : [{ id: 'long-file' as const, at: file, message: `${lines} lines; at most ${maxLines}` }];
  });
}

function neighbours(file: string, files: Files, own: Exports): readonly string[] {
  const targets = importsOf(files.get(file) ?? '').map(({ specifier }) => own.get(specifier) ?? resolve(file, specifier));
  return targets.filter((target) => files.has(target));
}

function resolve(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function folderOf(file: string): string {
  return file.split('/').slice(0, 2).join('/');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
