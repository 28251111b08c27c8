/** The files of the paths that a user names: folders are walked, and each file is read once. */
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** What is read at most. */
export interface Limits {
  readonly files: number;
  /** Of one file, in bytes. */
  readonly fileBytes: number;
  /** Of all files. */
  readonly bytes: number;
}

export const defaultLimits: Limits = Object.freeze({ files: 10_000, fileBytes: 32 * 1024 * 1024, bytes: 512 * 1024 * 1024 });

export interface SourceFile {
  /** As the user named it, or below what the user named. */
  readonly path: string;
  readonly bytes: Buffer;
  /** The bytes as UTF-8, a byte order mark included. */
  readonly text: string;
  /** Whether the user named the file itself. */
  readonly named: boolean;
}

/** A path that is not read, and why. */
export interface Unread {
  readonly path: string;
  readonly reason: string;
}

export interface Files {
  readonly files: SourceFile[];
  readonly unread: Unread[];
  /** Files of a folder that have no known extension. */
  skipped: number;
}

const extensions = new Set(['.json', '.yaml', '.yml', '.rules']);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads paths one after the other; a file that two of them lead to is read once. */
export interface Reader {
  /** Adds the files of one more path. */
  add(path: string): void;
  readonly result: Files;
}

export function readFiles(limits: Limits = defaultLimits): Reader {
  const result: Files = { files: [], unread: [], skipped: 0 };
  const seen = new Set<string>();
  let bytes = 0;

  const read = (path: string, named: boolean) => {
    if (!named && !extensions.has(extname(path).toLowerCase())) {
      result.skipped++;
      return;
    }
    const { size } = statSync(path);
    if (size > limits.fileBytes) throw new Error(`it has ${size} bytes, and ${limits.fileBytes} are read at most`);
    if (result.files.length >= limits.files) throw new Error(`${limits.files} files are read at most`);
    if (bytes + size > limits.bytes) throw new Error(`all files together have more than ${limits.bytes} bytes`);
    const content = readFileSync(path);
    bytes += content.length;
    result.files.push({ path, bytes: content, text: decoded(content), named });
  };

  const visit = (path: string, named: boolean): readonly string[] => {
    try {
      const real = realpathSync(path);
      if (seen.has(real)) return [];
      seen.add(real);
      const stat = statSync(real);
      if (stat.isDirectory())
        return readdirSync(path, { withFileTypes: true })
          .filter(isWalked)
          .map(({ name }) => join(path, name))
          .sort();
      if (stat.isFile()) read(path, named);
      else if (named) throw new Error('it is neither a file nor a folder');
    } catch (error) {
      result.unread.push({ path, reason: reasonOf(error) });
    }
    return [];
  };

  const add = (path: string) => {
    // Without recursion: folders come from outside.
    const left = visit(path, true).toReversed();
    for (let at = left.pop(); at !== undefined; at = left.pop()) left.push(...visit(at, false).toReversed());
  };
  return { add, result };
}

/** Not what tools keep for themselves. */
function isWalked({ name }: Dirent): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

function decoded(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : error.message;
}
