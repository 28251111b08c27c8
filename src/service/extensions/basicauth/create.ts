/** Basic authentication (RFC 7617): of servers against bcrypt hashes, and of clients. */
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { missingThread, threadUrl } from '../../../core/node/thread-url.ts';
import { createBasicAuth } from '../../../net/web-config/basic-auth.ts';
import { createBcryptQueue } from '../../../net/web-config/bcrypt-queue.ts';
import type { AuthRequest, Extension, ExtensionContext } from '../../component.ts';
import { credential } from '../../guard/credential.ts';
import { rawHeader } from '../../guard/raw-header.ts';
import type { BasicauthSettings } from './config.ts';
import { watchUsers } from './users.ts';

export function createBasicauth({ htpasswd, client_auth: client }: BasicauthSettings, context: ExtensionContext): Extension {
  const at = `extensions.${context.id}`;
  return Object.freeze(htpasswd === undefined ? forClients(client, at) : forServers(htpasswd, `${at}.htpasswd`, context));
}

function forServers(settings: NonNullable<BasicauthSettings['htpasswd']>, at: string, { log }: ExtensionContext): Extension {
  const queue = createBcryptQueue();
  const basicAuth = createBasicAuth(queue);
  let users: ReturnType<typeof watchUsers> = () => undefined;
  return {
    async start() {
      checkThread(at);
      users = watchUsers(settings, at, log);
    },
    async shutdown() {
      queue.close();
    },
    serverAuth: {
      challenge: 'Basic realm="meterbridge"',
      check({ rawHeaders, client, isGone }: AuthRequest) {
        const known = users();
        if (known === undefined) return 'unavailable';
        const verdict = basicAuth.check(known, rawHeader(rawHeaders, 'authorization'), client, isGone);
        const refusalOf = (result: Awaited<typeof verdict>) => (result === 'right' ? undefined : result);
        return typeof verdict === 'string' ? refusalOf(verdict) : verdict.then(refusalOf);
      },
    },
  };
}

/** Passwords are checked in a thread. */
function checkThread(at: string): void {
  const got = 'users';
  const rule = 'passwords are checked in a thread, which this process may not start';
  const refused = process.permission?.has('worker') === false && { got, rule, fix: 'start Node.js with --allow-worker' };
  const problem = refused || (threadUrl(undefined) === undefined && { got, ...missingThread });
  if (problem) throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', [{ at, ...problem }]);
}

function forClients(settings: BasicauthSettings['client_auth'], above: string): Extension {
  const at = `${above}.client_auth`;
  const username = credential(settings?.username, settings?.username_file, `${at}.username_file`);
  const password = credential(settings?.password, settings?.password_file, `${at}.password_file`);
  return {
    async start() {
      username();
      password();
    },
    async shutdown() {},
    clientAuth: {
      headers: () => ({ authorization: `Basic ${Buffer.from(`${username()}:${password()}`).toString('base64')}` }),
    },
  };
}
