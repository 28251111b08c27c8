/** Certificates and keys that are read again when their files change. */
import { watchFiles } from '../../core/config/file.ts';
import { type Problem, problemText } from '../../core/errors/error.ts';
import type { Logger } from '../telemetry/logger.ts';

export type Read<T> =
  | { readonly ok: true; readonly value: T; readonly files: ReadonlySet<string> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface FollowOptions {
  /** The location of `tls` in the configuration: `receivers.otlp.protocols.http.tls`. */
  readonly at: string;
  readonly log: Logger;
  /** Milliseconds, only differences count. Default: `performance.now`. */
  readonly now?: () => number;
}

/**
 * What the files say, for each new connection. Files that cannot be used any more are an error in the log, and the last good ones
 * serve on: a certificate and its key are seldom replaced in one moment.
 * @param reloadMs files are looked at at most so often
 */
export function followFiles<T>(
  first: Extract<Read<T>, { readonly ok: true }>,
  read: () => Read<T>,
  same: (one: T, other: T) => boolean,
  reloadMs: number,
  { at, log, now = () => performance.now() }: FollowOptions,
): () => T {
  const [path, ...others] = first.files;
  if (path === undefined) return () => first.value;

  const look = watchFiles(path, now, () => ({ value: read(), files: others }));
  let current = first.value;
  let wrong = '';
  let nextAt = now() + reloadMs;

  function change(to: Read<T>): void {
    const before = wrong;
    wrong = to.ok ? '' : to.problems.map(problemText).join(' ');
    if (wrong !== before) {
      if (wrong === '') log.info(`${at}: the files can be used again`);
      else log.error(`${at}: the last good files serve on: ${wrong}`);
    }
    if (!to.ok || same(current, to.value)) return;
    log.info(`${at}: the files have changed, and count for new connections`);
    current = to.value;
  }

  return () => {
    if (now() < nextAt) return current;
    nextAt = now() + reloadMs;
    change(look());
    return current;
  };
}
