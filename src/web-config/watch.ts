/** A web configuration file as it is now: read again when it, or a file that it names, has changed. */
import { resolve } from 'node:path';
import { MeterbridgeError, type Problem, problemText } from '../errors/error.ts';
import type { WebConfig } from './config.ts';
import { mostConfigBytes, readText, stateOf } from './file.ts';
import { type ParseResult, parseWebConfig } from './parse.ts';

export interface WatchedConfig {
  /** As it was at first. */
  readonly first: WebConfig;
  /** As it is now, the same object until something changes; undefined: it cannot be used, and nobody may be let in. */
  current(): WebConfig | undefined;
}

export interface WatchOptions {
  /** Takes a line when the file cannot be used any more, and when it can be again. */
  readonly log: (line: string) => void;
  /** Milliseconds, only differences count. Default: `performance.now`. */
  readonly now?: () => number;
}

/** Between two looks at the files, in ms. A watcher would miss what a mounted secret does, which is to swap a link. */
const lookAgainMs = 1_000;

/** Reads the file. @throws WEB_CONFIG_INVALID with everything that is wrong in it. */
export function watchWebConfig(path: string, options: WatchOptions): WatchedConfig {
  const { log, now = () => performance.now() } = options;
  const full = resolve(path);
  let seen = look();
  if (!seen.read.ok) throw new MeterbridgeError('WEB_CONFIG_INVALID', seen.read.problems);
  const first = seen.read.config;
  let current: WebConfig | undefined = first;
  let lookedAt = now();

  function look(files: Iterable<string> = [full]) {
    // Before the contents: what is written in between is seen the next time.
    const before = statesOf(files);
    const read = readWebConfig(path, full);
    const named = [full, ...read.files];
    // Files that were not known before have no state from before; then the next look is a reading one.
    return { read, files: named, state: before !== undefined && named.length === [...files].length ? before : undefined };
  }

  function refresh(): void {
    const state = statesOf(seen.files);
    if (state !== undefined && state === seen.state) return;
    const wasGood = current !== undefined;
    seen = look(seen.files);
    const problems = seen.read.ok ? switched(first, seen.read.config) : seen.read.problems;
    current = seen.read.ok && problems.length === 0 ? seen.read.config : undefined;
    if (wasGood && current === undefined) log(`every request is refused until this is corrected: ${problems.map(problemText).join(' ')}`);
    else if (!wasGood && current !== undefined) log(`${path} can be used again`);
  }

  /** A listener is one of the two from its start. */
  function switched(was: WebConfig, is: WebConfig): readonly Problem[] {
    if ((was.tls === undefined) === (is.tls === undefined)) return [];
    const got = is.tls === undefined ? 'no TLS' : 'TLS';
    const rule = 'TLS is not turned on or off while the listener is open';
    return [{ at: `${path} tls_server_config`, got, rule, fix: 'put it back, or open the listener again' }];
  }

  return Object.freeze({
    first,
    current() {
      if (now() - lookedAt >= lookAgainMs) {
        lookedAt = now();
        refresh();
      }
      return current;
    },
  });
}

/** `full` is the absolute form of `path`, so that it does not depend on where the process is later. */
function readWebConfig(path: string, full: string): ParseResult {
  const read = readText(full, mostConfigBytes);
  if (read.ok) return parseWebConfig(path, full, read.text);
  return { ok: false, problems: [{ at: path, got: 'no text', rule: read.rule, fix: read.fix }], files: new Set() };
}

/** Undefined when one of them has none. */
function statesOf(files: Iterable<string>): string | undefined {
  const states = [...files].map(stateOf);
  return states.includes(undefined) ? undefined : states.join();
}
