/** Reads a secret's file, and notices when it has changed. Knows nothing of what a secret may be. */
import { readFileSync, statSync } from 'node:fs';

export type SecretFileResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly rule: string; readonly fix: string };

/** Far above any token; bounds what a wrong path can cost. */
const mostBytes = 65_536;
/** Between two looks at the file, in ms: a rotated token may take so long to be taken. */
const lookAgainMs = 1_000;

/** Without one line end at the end, which editors and `echo` add. */
export function readSecretFile(path: string): SecretFileResult {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { ok: false, rule: 'it is a regular file', fix: 'name the file that holds the secret' };
    if (stat.size > mostBytes) return { ok: false, rule: `it has at most ${mostBytes} bytes`, fix: 'name the file that holds the secret' };
    return { ok: true, text: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    return { ok: false, rule: `the file can be read (${code})`, fix: 'correct the path, or let this user read the file' };
  }
}

/** What `use` makes of the file's present text; undefined while it cannot be read. A file that was replaced with one of equal size counts. */
export function watchSecretFile<T>(path: string, now: () => number, use: (text: string) => T | undefined): () => T | undefined {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let state: string | undefined;
  let value: T | undefined;
  return () => {
    if (now() - lookedAt < lookAgainMs) return value;
    lookedAt = now();
    // Before the contents: what is written in between is seen the next time.
    const next = stateOf(path);
    if (next === state && next !== undefined) return value;
    state = next;
    const read = readSecretFile(path);
    value = read.ok ? use(read.text) : undefined;
    return value;
  };
}

/** Change time and number are there for a file that is swapped within one tick of its modification time. */
function stateOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}
