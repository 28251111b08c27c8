/**
 * How the test programs reach the service: plain, or over TLS and with a user's credentials where METERBRIDGE_ATTACK_TLS is set.
 */

import * as plain from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import * as secure from 'node:https';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { rightHash } from '../net/web-config/good-cases.ts';
import { basic } from '../service/guard/credentials.ts';

export const variable = 'METERBRIDGE_ATTACK_TLS';
/** In the form of `htpasswd`. */
export const users = `ada:${rightHash}`;
export const credentials = basic('ada', 'right');

const isSecure = () => process.env[variable] !== undefined;
/** The test is not about the certificate. */
const anyServer = { rejectUnauthorized: false };

const origin = (host: string) => `${isSecure() ? 'https' : 'http'}://${host}`;

export const authorization = (): Readonly<Record<string, string>> => (isSecure() ? { authorization: credentials } : {});

/** Keeps one connection. */
export function agent(): plain.Agent {
  const options = { keepAlive: true, maxSockets: 1 };
  return isSecure() ? new secure.Agent({ ...options, ...anyServer }) : new plain.Agent(options);
}

export function request(host: string, options: plain.RequestOptions): plain.ClientRequest {
  const headers = { ...(options.headers as plain.OutgoingHttpHeaders), ...authorization() };
  return (isSecure() ? secure : plain).request(`${origin(host)}${options.path}`, { ...anyServer, ...options, headers });
}

/** Its bytes are not read unless something asks for them. */
export function connection(host: string, alpn: 'h2' | 'http/1.1'): Socket {
  const [name, port] = host.split(':') as [string, string];
  const options = { host: name, port: Number(port) };
  return isSecure() ? connectTls({ ...options, ...anyServer, ALPNProtocols: [alpn] }) : connectPlain(options);
}

export function http2Session(host: string): ClientHttp2Session {
  // Node.js counts what a client has yet to send as its own memory.
  return connect(origin(host), { maxSessionMemory: 1_000, ...anyServer });
}
