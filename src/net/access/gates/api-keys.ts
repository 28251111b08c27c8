import { publicFunctions } from '../../../core/errors/caller.ts';
import { MeterbridgeError, type Problem } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import { hidden } from '../secret.ts';
import { presented, same } from './credentials.ts';
import { type Decide, type Gate, refused, type StoredKey } from './gate.ts';

export interface ApiKey {
  /** SHA-256 of the key, 64 lower-case hexadecimal digits: `printf %s "$KEY" | sha256sum`. */
  readonly sha256: string;
  /** The owner of the key; the access log shows it. */
  readonly tenant: string;
}

/**
 * Admits a request that sends one of several keys as `Authorization: Bearer`, and gives its tenant. Every request is compared
 * with all keys. `at` is the user's name for the list.
 * @throws ACCESS_CONFIG_INVALID naming every invalid digest and tenant, and every duplicate digest
 */
export function apiKeys(keys: readonly ApiKey[], at = 'apiKeys'): Gate {
  const problems = whatIsWrong(keys, at);
  if (problems.length > 0) throw new MeterbridgeError('ACCESS_CONFIG_INVALID', problems);
  const stored = keys.map(({ sha256, tenant }): StoredKey => Object.freeze({ sha256: hidden(sha256), tenant }));
  return Object.freeze({ type: 'apiKeys', keys: Object.freeze(stored) });
}

export function compileApiKeys(keys: readonly StoredKey[]): Decide {
  const known = keys.map(({ sha256, tenant }) => ({
    digest: digestOf(sha256),
    decision: Object.freeze({ allowed: true, tenant }),
  }));
  return ({ authorization }) => {
    const { digest, some, whole } = presented(authorization);
    let found: (typeof known)[number]['decision'] | undefined;
    // Compares with every key: a return at the first match would reveal by its time which key it is.
    for (const key of known) found = same(digest, key.digest) ? key.decision : found;
    if (!some) return refused('missing');
    return found !== undefined && whole ? found : refused('wrong');
  };
}

function digestOf(sha256: StoredKey['sha256']): Buffer {
  if (sha256.type !== 'secret') throw new TypeError('BUG: a digest is no file');
  return Buffer.from(sha256.value.export().toString('utf8'), 'hex');
}

function whatIsWrong(keys: unknown, at: string): Problem[] {
  if (!Array.isArray(keys) || keys.length === 0) {
    const got = Array.isArray(keys) ? '[]' : typeof keys;
    return [{ at, got, rule: 'it is a list of at least one key', fix: 'add a key, or leave it out' }];
  }
  const firsts = new Map<unknown, number>();
  return keys.flatMap((key, index) => {
    const location = `${at}[${index}]`;
    const problems: Problem[] = [];
    const first = firsts.get(key?.sha256);
    if (first === undefined) firsts.set(key?.sha256, index);
    if (typeof key?.sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(key.sha256)) {
      const fix = 'store what printf %s "$KEY" | sha256sum prints, never the key itself';
      problems.push({
        at: `${location}.sha256`,
        got: redacted(key?.sha256),
        rule: 'it is a SHA-256 in 64 lower-case hexadecimal digits',
        fix,
      });
    } else if (first !== undefined) {
      const rule = `a key is there once, and ${at}[${first}] is the same`;
      problems.push({ at: `${location}.sha256`, got: '[redacted]', rule, fix: 'remove one' });
    }
    if (typeof key?.tenant !== 'string' || !/^[^\p{Cc}]{1,128}$/u.test(key.tenant)) {
      const rule = 'it is the id of a tenant, 1 to 128 characters without control characters';
      problems.push({ at: `${location}.tenant`, got: shown(key?.tenant), rule, fix: 'name whose key it is' });
    }
    return problems;
  });
}

/** Redacted, because a user may have written the key itself there. */
function redacted(value: unknown): string {
  return value === undefined ? 'nothing' : '[redacted]';
}

publicFunctions(apiKeys);
