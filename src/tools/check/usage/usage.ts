/** Reads what files use: rules, rule tests, dashboards, Alertmanager's configuration. Nothing is judged here. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { readText } from './read/document.ts';
import type { Uses } from './read/use.ts';
import { defaultLimits, type Limits, readFiles, type SourceFile } from './source/files.ts';
import { type Position, positionsOf } from './source/lines.ts';
import { wholeText } from './source/text.ts';

export interface UsedFile extends SourceFile {
  readonly uses: Uses;
  position(offset: number): Position;
}

/** A file, or a part of one, that is not read. */
export interface UnreadPlace {
  readonly file: string;
  readonly position?: Position;
  readonly reason: string;
}

export interface Usage {
  /** Files whose shape is known, in the order of the paths, by name within a folder. */
  readonly files: readonly UsedFile[];
  readonly unread: readonly UnreadPlace[];
  /** Files that were not read, or that are of no known shape. */
  readonly skipped: number;
}

/** A file that cannot be read is a result; nothing throws. */
export function readUsage(paths: readonly string[], limits: Limits = defaultLimits): Usage {
  const reader = readFiles(limits);
  const { result } = reader;
  const files: UsedFile[] = [];
  const unread: UnreadPlace[] = [];
  let unknown = 0;
  for (const path of paths) reader.add(path);
  // A file may lead to others, which are added behind it.
  for (let at = 0; at < result.files.length; at++) {
    const source = result.files[at];
    if (source === undefined) break;
    const file: UsedFile = {
      ...source,
      uses: readText(wholeText(source.text), isJson(source)),
      position: positionsOf(source.text),
    };
    for (const { message, offset } of file.uses.unread)
      unread.push({ file: file.path, position: file.position(offset), reason: message });
    for (const path of file.uses.follows) follow(path, file, { add: reader.add, unread });
    if (file.uses.known) files.push(file);
    else if (file.uses.unread.length === 0) unknown++;
  }
  for (const { path, reason } of result.unread) unread.push({ file: path, reason });
  return { files, unread, skipped: result.skipped + unknown };
}

function follow(path: string, file: UsedFile, { add, unread }: { add(path: string): void; unread: UnreadPlace[] }): void {
  const at = isAbsolute(path) ? path : join(dirname(file.path), path);
  if (existsSync(at)) add(at);
  else
    unread.push({
      file: file.path,
      reason: `its provider's folder ${path} is not on this machine: name the folder that becomes it`,
    });
}

function isJson({ path, text }: SourceFile): boolean {
  if (/\.ya?ml$|\.rules$/i.test(path)) return false;
  return /\.json$/i.test(path) || /^\s*[{[]/.test(text);
}
