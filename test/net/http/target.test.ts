/** RFC 3986, section 6.2.2.2: an encoded character that need not be is the same character. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPath } from '../../../src/net/http/target.ts';

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
const encoded = (code: number): string => `%${code.toString(16).padStart(2, '0')}`;

test('unreserved characters are decoded, and no other', () => {
  for (let code = 0; code < 256; code++) {
    const char = String.fromCharCode(code);
    const plain = unreserved.includes(char) ? char : encoded(code);
    assert.equal(plainPath(`/a${encoded(code)}b`), `/a${plain}b`);
    assert.equal(plainPath(encoded(code).toUpperCase()).toLowerCase(), plain.toLowerCase());
  }
});

test('what is decoded is not decoded again', () => assert.equal(plainPath('/%2541%zz%'), '/%2541%zz%'));
