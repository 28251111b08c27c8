/** The current contents of a web configuration file: reloaded when it, or a file that it names, has changed. */
import { resolve } from 'node:path';
import { watchFiles } from '../../core/config/file.ts';
import { MeterbridgeError, type Problem, problemText } from '../../core/errors/error.ts';
import { readText } from '../../core/node/read-text.ts';
import type { WebConfig } from './config.ts';
import { type ParseResult, parseWebConfig } from './parse.ts';

export interface WatchedConfig {
  /** The configuration at the start. */
  readonly first: WebConfig;
  /**
   * The current configuration, the same object until something changes; undefined: it is unusable, and every request must be
   * rejected.
   */
  current(): WebConfig | undefined;
}

export interface WatchOptions {
  /** Receives a log line when the file becomes unusable, and when it is usable again. */
  readonly log: (line: string) => void;
  /** The clock, in milliseconds; only differences count. Default: `performance.now`. */
  readonly now?: () => number;
}

/** Some 800 users. A request waits while the file is read, and parsing YAML takes milliseconds per kilobyte. */
const mostBytes = 65_536;

/** Reads the file. @throws WEB_CONFIG_INVALID with everything that is wrong in it. */
export function watchWebConfig(path: string, options: WatchOptions): WatchedConfig {
  const { log, now = () => performance.now() } = options;
  const full = resolve(path);
  const look = watchFiles(full, now, () => {
    const value = readWebConfig(path, full);
    return { value, files: value.files };
  });
  let seen = look();
  if (!seen.ok) throw new MeterbridgeError('WEB_CONFIG_INVALID', seen.problems);
  const first = seen.config;
  let current: WebConfig | undefined = first;

  function change(to: ParseResult): void {
    seen = to;
    const wasGood = current !== undefined;
    const problems = to.ok ? switched(first, to.config) : to.problems;
    current = to.ok && problems.length === 0 ? to.config : undefined;
    if (wasGood && current === undefined)
      log(`every request is rejected until this is corrected: ${problems.map(problemText).join(' ')}`);
    else if (!wasGood && current !== undefined) log(`${path} can be used again`);
  }

  /** Whether a listener uses TLS is fixed at its start. */
  function switched(was: WebConfig, is: WebConfig): readonly Problem[] {
    if ((was.tls === undefined) === (is.tls === undefined)) return [];
    const got = is.tls === undefined ? 'no TLS' : 'TLS';
    const rule = 'TLS is not turned on or off while the listener is open';
    return [{ at: `${path} tls_server_config`, got, rule, fix: 'put it back, or open the listener again' }];
  }

  return Object.freeze({
    first,
    current() {
      const latest = look();
      if (latest !== seen) change(latest);
      return current;
    },
  });
}

/** `full` is the absolute form of `path`, so that a later change of the working directory has no effect. */
function readWebConfig(path: string, full: string): ParseResult {
  const read = readText(full, mostBytes);
  if (read.ok) return parseWebConfig(path, full, read.text);
  return { ok: false, problems: [{ at: path, got: read.got, rule: read.rule, fix: read.fix }], files: new Set() };
}
