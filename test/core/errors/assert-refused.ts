import assert from 'node:assert/strict';
import { MeterbridgeError } from '../../../src/index.ts';

/**
 * Asserts that a host's configuration is refused: one line a problem, in this order, each with its fix; none shows a `secret`.
 */
export function assertRefused(load: () => unknown, messages: readonly RegExp[], secret?: RegExp): void {
  assert.throws(load, (error) => {
    assert.ok(error instanceof MeterbridgeError);
    assert.equal(error.code, 'HOST_CONFIG_INVALID');
    const lines = error.message.split('\n');
    assert.equal(lines.length, messages.length, error.message);
    for (const [at, message] of messages.entries()) {
      assert.match(lines[at] as string, message);
      assert.match(lines[at] as string, / Fix: ./);
    }
    if (secret !== undefined) assert.doesNotMatch(error.message, secret);
    return true;
  });
}
