/** A secret that can be compared and handed to another thread, and that nothing prints. */
import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { MeterbridgeError, type Problem } from '../errors/error.ts';
import { shown } from '../errors/shown.ts';
import { readSecretFile, watchSecretFile } from './secret-file.ts';

/**
 * Opaque: `[redacted]` as text, as JSON and in `util.inspect`. The text is in a `KeyObject`, which the structured clone takes to another thread
 * and which shows its contents nowhere.
 */
export type Secret =
  | { readonly type: 'secret'; readonly value: KeyObject }
  /** Read again when it changes. */
  | { readonly type: 'secretFile'; readonly path: string };

const redacted = '[redacted]';

// Not enumerable, so the structured clone passes over them.
const silence = {
  toString: { value: () => redacted },
  toJSON: { value: () => redacted },
  [inspect.custom]: { value: () => redacted },
};

function opaque(secret: Secret): Secret {
  return Object.freeze(Object.defineProperties(secret, silence));
}

/**
 * A secret from a text, for `bearer`. `at` is what the user calls it.
 * @throws ACCESS_CONFIG_INVALID when it is empty, or nothing that a header can carry: white space and control characters
 */
export function secret(text: string, at = 'secret'): Secret {
  const wrong = whatIsWrong(text);
  if (wrong !== undefined) throw new MeterbridgeError('ACCESS_CONFIG_INVALID', [{ at, ...wrong }]);
  return hidden(text);
}

/**
 * A secret that is the contents of a file, without one line end at its end. Read now, and again when the file has changed: it is looked at
 * when a request comes, at most once a second. While it cannot be read or holds nothing usable, whatever needs it is refused.
 * @throws ACCESS_CONFIG_INVALID when it cannot be read now, is empty, or holds what `secret` refuses
 */
export function secretFile(path: string, at = 'secretFile'): Secret {
  // Whole, however long: the operator looks for it.
  const got = typeof path === 'string' ? JSON.stringify(path) : shown(path);
  const problem = (rule: string, fix: string): Problem => ({ at, got, rule, fix });
  const fail = (found: Problem): never => {
    throw new MeterbridgeError('ACCESS_CONFIG_INVALID', [found]);
  };
  if (typeof path !== 'string' || path === '') return fail(problem('it is the path of a file', 'write the path, or leave the key out'));
  const read = readSecretFile(path);
  if (!read.ok) return fail(problem(read.rule, read.fix));
  const wrong = whatIsWrong(read.text);
  if (wrong !== undefined) return fail(problem(`${wrong.rule}, and the contents of this file are not`, wrong.fix));
  return opaque({ type: 'secretFile', path });
}

/** Takes any text. For what was checked already. */
export function hidden(text: string): Secret {
  return opaque({ type: 'secret', value: createSecretKey(text, 'utf8') });
}

/** The SHA-256 of a secret whenever it is called; undefined while the secret's file gives none. */
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
  if (typeof text !== 'string') return { got: typeof text, rule: 'a secret is a text', fix: 'write it in quotes' };
  if (text === '') return { got: '""', rule: 'a secret has at least one character', fix: 'set one, or leave the key out' };
  // White space also tells a token from two `Authorization` lines, which arrive joined with ", ".
  if (!/^[^\s\p{Cc}]+$/u.test(text)) {
    return { got, rule: 'a secret has no white space and no control characters', fix: 'take them out, also at the ends' };
  }
  return undefined;
}
