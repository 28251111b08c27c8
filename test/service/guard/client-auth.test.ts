/** What an extension gives a client to send. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Extension, ExtensionContext } from '../../../src/service/component.ts';
import { createBasicauth } from '../../../src/service/extensions/basicauth/create.ts';
import { createBearertokenauth } from '../../../src/service/extensions/bearertokenauth/create.ts';
import { clientHeaders, clientNeedsOf } from '../../../src/service/guard/auth.ts';
import { until } from '../../until.ts';

const auth = { authenticator: { type: 'x', name: '', id: 'x', at: 'c.yaml:1:1' } };
const context = (extension?: Extension) => ({ id: 'x', extension: () => extension }) as unknown as ExtensionContext;
const bearer = { header: 'Authorization', scheme: 'Bearer', token: undefined, tokens: [], filename: undefined };
const basic = { username: undefined, username_file: undefined, password: undefined, password_file: undefined };

test('a client sends the first token, or a name and a password', () => {
  const headersOf = (extension: Extension) => clientHeaders(auth, context(extension))();
  assert.deepEqual(headersOf(createBearertokenauth({ ...bearer, tokens: ['one', 'two'] }, context())), {
    authorization: 'Bearer one',
  });
  assert.deepEqual(headersOf(createBearertokenauth({ ...bearer, header: 'X-Key', scheme: '', token: 'one' }, context())), {
    'x-key': 'one',
  });
  const ada = createBasicauth({ htpasswd: undefined, client_auth: { ...basic, username: 'ada', password: 'pä:ss' } }, context());
  // RFC 7617, section 2: `user-id ":" password` in base64.
  assert.deepEqual(headersOf(ada), { authorization: `Basic ${Buffer.from('ada:pä:ss').toString('base64')}` });
  assert.deepEqual(clientHeaders(undefined, context())(), {});
  assert.deepEqual(clientNeedsOf(auth), [{ extension: auth.authenticator, offer: 'clientAuth' }]);
  assert.deepEqual(clientNeedsOf(undefined), []);
});

test('a file of a client is read again when it changes; while it is gone there are no headers', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'meterbridge-client-auth-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'secret');
  const token = createBearertokenauth({ ...bearer, filename: path }, context());
  await assert.rejects(token.start(), { code: 'COLLECTOR_CONFIG_INVALID', message: /^extensions\.x\.filename: .*ENOENT/ });
  writeFileSync(path, 'one\n');
  const headers = clientHeaders(auth, context(createBearertokenauth({ ...bearer, filename: path }, context())));
  const password = createBasicauth(
    { htpasswd: undefined, client_auth: { ...basic, username: 'ada', password_file: path } },
    context(),
  );
  await password.start();
  assert.deepEqual(headers(), { authorization: 'Bearer one' });
  writeFileSync(path, 'another\n');
  await until('read again', () => headers().authorization === 'Bearer another');
  await until(
    'read again',
    () => password.clientAuth?.headers().authorization === `Basic ${Buffer.from('ada:another').toString('base64')}`,
  );
  rmSync(path);
  await until('gone', () => {
    try {
      headers();
      return false;
    } catch (error) {
      return /ENOENT/.test(String(error));
    }
  });
  assert.throws(() => clientHeaders(auth, context())(), /the extension x has no credentials to send/);
});
