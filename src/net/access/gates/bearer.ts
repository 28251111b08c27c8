import { compileSecret, type Secret, sha256 } from '../secret.ts';
import { presented, same } from './credentials.ts';
import { allowed, type Decide, type Gate, refused } from './gate.ts';

const none = sha256(new Uint8Array());

/** Admits a request that sends `Authorization: Bearer` with this token. The comparison takes constant time. */
export function bearer(token: Secret): Gate {
  return Object.freeze({ type: 'bearer', secret: token });
}

export function compileBearer(token: Secret, now: () => number): Decide {
  const expected = compileSecret(token, now);
  return ({ authorization }) => {
    const digest = expected();
    const { digest: given, some, whole } = presented(authorization);
    const equal = same(given, digest ?? none);
    if (digest === undefined) return refused('unavailable');
    if (!some) return refused('missing');
    return equal && whole ? allowed : refused('wrong');
  };
}
