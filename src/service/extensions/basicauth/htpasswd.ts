/** The lines of an htpasswd file: `NAME:HASH`. */
import type { Problem } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import { hashProblem } from '../../../net/web-config/bcrypt-hash.ts';

export interface Htpasswd {
  /** bcrypt hashes by name; of a name that occurs twice, the last one. */
  readonly users: ReadonlyMap<string, string>;
  readonly problems: readonly Omit<Problem, 'at'>[];
}

/** Empty lines and those that begin with `#` are left out, as in Apache's server. */
export function readHtpasswd(text: string): Htpasswd {
  const users = new Map<string, string>();
  const problems: Omit<Problem, 'at'>[] = [];
  for (const [index, given] of text.split('\n').entries()) {
    const line = given.trim();
    if (line === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (colon < 1) {
      problems.push({ got: `line ${index + 1}`, rule: 'a line is NAME:HASH', fix: 'make one with: htpasswd -nBC 10 NAME' });
      continue;
    }
    const name = line.slice(0, colon);
    const hash = line.slice(colon + 1);
    const wrong = hashProblem(hash);
    const bcryptOnly = 'only bcrypt hashes are supported';
    if (wrong?.got === '[redacted]')
      problems.push({
        got: `line ${index + 1}, user ${shown(name)}`,
        rule: bcryptOnly,
        fix: `make one with: htpasswd -nBC 10 ${name}`,
      });
    else if (wrong !== undefined) problems.push({ ...wrong, got: `line ${index + 1}, user ${shown(name)}, ${wrong.got}` });
    users.set(name, hash);
  }
  return { users, problems };
}
