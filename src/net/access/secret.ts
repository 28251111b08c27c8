/** A secret that can be compared and posted to another thread, and that is never printed. */

import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { publicFunctions } from '../../core/errors/caller.ts';
import { MeterbridgeError, type Problem } from '../../core/errors/error.ts';
import { shown } from '../../core/errors/shown.ts';
import { readSecretFile, watchSecretFile } from './secret-file.ts';

/**
 * Opaque: it prints as `[redacted]` as a string, in JSON and in `util.inspect`. The value is in a `KeyObject`, which the
 * structured clone can copy to another thread and which does not reveal its contents.
 */
export type Secret =
  | { readonly type: 'secret'; readonly value: KeyObject }
  /** A file, which is read again when it changes. */
  | { readonly type: 'secretFile'; readonly path: string };

const redacted = '[redacted]';

// Not enumerable, so the structured clone ignores them.
const silence = {
  toString: { value: () => redacted },
  toJSON: { value: () => redacted },
  [inspect.custom]: { value: () => redacted },
};

function opaque(secret: Secret): Secret {
  return Object.freeze(Object.defineProperties(secret, silence));
}

/**
 * A secret from a string, for `bearer`. `at` is the user's name for it.
 * @throws ACCESS_CONFIG_INVALID when it is empty, or holds white space or control characters, which a header cannot carry
 */
export function secret(text: string, at = 'secret'): Secret {
  const wrong = whatIsWrong(text);
  if (wrong !== undefined) throw new MeterbridgeError('ACCESS_CONFIG_INVALID', [{ at, ...wrong }]);
  return hidden(text);
}

/**
 * A secret from the contents of a file, without one line end at its end. Requests check the file for a change, at most once a
 * second. While the file cannot be read or holds no usable secret, access rules that need it reject requests.
 * @throws ACCESS_CONFIG_INVALID when it cannot be read now, is empty, or holds what `secret` rejects
 */
export function secretFile(path: string, at = 'secretFile'): Secret {
  // The whole path, however long: the operator needs it to find the file.
  const got = typeof path === 'string' ? JSON.stringify(path) : shown(path);
  const problem = (rule: string, fix: string, is = ''): Problem => ({ at, got: `${got}${is}`, rule, fix });
  const fail = (found: Problem): never => {
    throw new MeterbridgeError('ACCESS_CONFIG_INVALID', [found]);
  };
  if (typeof path !== 'string' || path === '')
    return fail(problem('it is the path of a file', 'write the path, or leave the key out'));
  const read = readSecretFile(path);
  if (!read.ok) return fail(problem(read.rule, read.fix, `, ${read.got}`));
  const wrong = whatIsWrong(read.text);
  if (wrong !== undefined) return fail(problem(`${wrong.rule}, and the contents of this file are not`, wrong.fix));
  return opaque({ type: 'secretFile', path });
}

/** Accepts any string. For values that were checked already. */
export function hidden(text: string): Secret {
  return opaque({ type: 'secret', value: createSecretKey(text, 'utf8') });
}

/** Returns the present SHA-256 of a secret at each call; undefined while the secret's file has no usable one. */
export function compileSecret(of: Secret, now: () => number): () => Buffer | undefined {
  if (of.type === 'secretFile') {
    return watchSecretFile(of.path, now, (text) => (whatIsWrong(text) === undefined ? sha256(Buffer.from(text)) : undefined));
  }
  const digest = sha256(of.value.export());
  return () => digest;
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function whatIsWrong(text: unknown): Omit<Problem, 'at'> | undefined {
  const got = redacted;
  if (typeof text !== 'string') return { got: typeof text, rule: 'a secret is a string', fix: 'write it in quotes' };
  if (text === '') return { got: '""', rule: 'a secret has at least one character', fix: 'set one, or leave the key out' };
  // White space also distinguishes a token from two `Authorization` lines, which arrive joined with ", ".
  if (!/^[^\s\p{Cc}]+$/u.test(text)) {
    return { got, rule: 'a secret has no white space and no control characters', fix: 'take them out, also at the ends' };
  }
  return undefined;
}

publicFunctions(secret, secretFile);
