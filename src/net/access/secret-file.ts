/** Reads a secret's file, and detects when it has changed. The caller checks the contents. */
import { watchFiles } from '../../core/config/file.ts';
import { type FileText, readText } from '../../core/node/read-text.ts';

/** Far larger than any token. */
const mostBytes = 65_536;

/** Without one line end at the end, which editors and `echo` add. */
export function readSecretFile(path: string): FileText {
  const read = readText(path, mostBytes);
  return read.ok ? { ok: true, text: read.text.replace(/\r?\n$/, '') } : read;
}

/** Calls `use` with the file's present contents, and returns its result; undefined while the file cannot be read. */
export function watchSecretFile<T>(path: string, now: () => number, use: (text: string) => T | undefined): () => T | undefined {
  return watchFiles(path, now, () => {
    const read = readSecretFile(path);
    return { value: read.ok ? use(read.text) : undefined };
  });
}
