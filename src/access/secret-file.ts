/** Reads a secret's file, and notices when it has changed. Knows nothing of what a secret may be. */
import { type FileText, readText, watchFiles } from '../config/file.ts';

/** Far above any token. */
const mostBytes = 65_536;

/** Without one line end at the end, which editors and `echo` add. */
export function readSecretFile(path: string): FileText {
  const read = readText(path, mostBytes);
  return read.ok ? { ok: true, text: read.text.replace(/\r?\n$/, '') } : read;
}

/** What `use` makes of the file's present text; undefined while it cannot be read. */
export function watchSecretFile<T>(path: string, now: () => number, use: (text: string) => T | undefined): () => T | undefined {
  return watchFiles(path, now, () => {
    const read = readSecretFile(path);
    return { value: read.ok ? use(read.text) : undefined };
  });
}
