/** The users of `htpasswd`, read again when the file changes. */

import { resolve } from 'node:path';
import { watchFiles } from '../../../core/config/file.ts';
import { MeterbridgeError, type Problem, problemText } from '../../../core/errors/error.ts';
import { readText } from '../../../core/node/read-text.ts';
import { isSet } from '../../guard/tls-keys.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { BasicauthSettings } from './config.ts';
import { readHtpasswd } from './htpasswd.ts';

/** Some 10,000 users. */
const mostBytes = 1_048_576;

type Users = ReadonlyMap<string, string>;

/**
 * Undefined while the file cannot be used: then no request is admitted.
 * @param at the location of `htpasswd` in the configuration
 * @throws COLLECTOR_CONFIG_INVALID with all that is wrong with the file now
 */
export function watchUsers(
  settings: NonNullable<BasicauthSettings['htpasswd']>,
  at: string,
  log: Logger,
): () => Users | undefined {
  const inline = readHtpasswd(settings.inline ?? '').users;
  const { file } = settings;
  if (!isSet(file)) return () => inline;
  const path = resolve(file);
  const look = watchFiles(
    path,
    () => performance.now(),
    () => ({ value: readUsers(path, `${at}.file`, inline) }),
  );
  let seen = look();
  if (Array.isArray(seen)) throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', seen);
  return () => {
    const latest = look();
    const was = isUsable(seen);
    if (latest !== seen && !isUsable(latest))
      log.error(`no request passes until this is corrected: ${latest.map(problemText).join(' ')}`);
    else if (latest !== seen && !was) log.info(`${file} can be used again`);
    seen = latest;
    return isUsable(latest) ? latest : undefined;
  };
}

type Read = Users | readonly Problem[];

function isUsable(read: Read): read is Users {
  return read instanceof Map;
}

function readUsers(path: string, at: string, inline: Users): Read {
  const read = readText(path, mostBytes);
  if (!read.ok) return [{ at, got: `${JSON.stringify(path)}, ${read.got}`, rule: read.rule, fix: read.fix }];
  const { users, problems } = readHtpasswd(read.text);
  return problems.length === 0 ? new Map([...users, ...inline]) : problems.map((problem) => ({ at, ...problem }));
}
