/** Credentials as clients send them, and what servers answer. */
import assert from 'node:assert/strict';
import { hashSync } from 'bcryptjs';
import { type Client, type Guarded, type ServerName, servers } from './servers.ts';

export const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
export const as = (authorization: string | string[]): Client => ({ headers: { authorization } });
export const htpasswd = (users: Readonly<Record<string, string>>) =>
  Object.entries(users)
    .map(([user, password]) => `${user}:${hashSync(password, 4)}`)
    .join('\n');
export const quoted = (text: string) => JSON.stringify(text.replaceAll('$', '$$$$'));
const tls = "tls: {cert_file: 'FOLDER/server.pem', key_file: 'FOLDER/server.key.pem'}";

/** Keys of every server, and the servers there are with them. */
export const ways = [
  ['plain', '', servers.filter((name) => name !== 'http2')],
  ['over TLS', `, ${tls}`, servers],
] as const;

type Outcome = 'passes' | 'refused' | 'later';
/** gRPC's codes are 0, UNAUTHENTICATED and UNAVAILABLE. */
const expected: Readonly<Record<Outcome, (server: ServerName) => number>> = {
  passes: (server) => (server === 'grpc' ? 0 : 200),
  refused: (server) => (server === 'grpc' ? 16 : 401),
  later: (server) => (server === 'grpc' ? 14 : 503),
};

/** Asks every server for each case in turn. */
export async function each(
  { ask }: Guarded,
  cases: readonly (readonly [what: string, client: Client, outcome: Outcome])[],
  among: readonly ServerName[] = servers,
) {
  for (const server of among)
    for (const [what, client, outcome] of cases) {
      const { status, headers } = await ask(server, client);
      assert.equal(status, expected[outcome](server), `${server}: ${what}`);
      if (status === 401)
        assert.match(String(headers['www-authenticate']), /^(Basic realm="meterbridge"|Bearer)$/, `${server}: ${what}`);
    }
}
