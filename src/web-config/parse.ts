/** Parses and checks a web configuration: the format of Prometheus's Exporter Toolkit (docs/web-configuration.md). */

import { durationMs } from '../config/duration.ts';
import { type Field, type Reader, readFields } from '../config/yaml-reader.ts';
import type { Problem } from '../errors/error.ts';
import type { Rate, WebConfig } from './config.ts';
import { parseTls } from './parse-tls.ts';

export type ParseResult =
  | { readonly ok: true; readonly config: WebConfig; readonly files: ReadonlySet<string> }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly files: ReadonlySet<string> };

const sections = ['tls_server_config', 'http_server_config', 'basic_auth_users', 'rate_limit'];
/** The headers that may be set, and their allowed values where those are fixed. */
const headerValues: Readonly<Record<string, readonly string[]>> = {
  'Strict-Transport-Security': [],
  'X-Content-Type-Options': ['nosniff'],
  'X-Frame-Options': ['deny', 'sameorigin'],
  'X-XSS-Protection': [],
  'Content-Security-Policy': [],
};
const bcryptHash = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
/** Below this cost, bcrypt is not defined. */
const leastCost = 4;
/** 2^18 rounds: a check takes many seconds and delays every other check. */
const mostCost = 18;

/** `files` are those that the configuration names, readable or not. `path` is the user's name for the file, `full` its absolute path. */
export function parseWebConfig(path: string, full: string, text: string): ParseResult {
  const reader = readFields(path, text);
  const files = new Set<string>();
  const root = reader.root(sections);
  const config: WebConfig = Object.freeze({
    tls: parseTls(reader, root.get('tls_server_config'), full, files),
    headers: parseHttp(reader, root.get('http_server_config')),
    users: parseUsers(reader, root.get('basic_auth_users')),
    rate: parseRate(reader, root.get('rate_limit')),
  });
  const { problems } = reader;
  return problems.length === 0 ? { ok: true, config, files } : { ok: false, problems, files };
}

function parseHttp(reader: Reader, field: Field | undefined): Readonly<Record<string, string>> {
  const given = reader.section(field, ['http2', 'headers']);
  const http2 = given.get('http2');
  if (http2 !== undefined && reader.flag(http2) === true) {
    reader.refuse(http2, 'true', 'HTTP/2 is not supported; clients that know it use HTTP/1.1 here', 'write false, or leave it out');
  }
  const headers: Record<string, string> = {};
  for (const [name, header] of reader.section(given.get('headers'), Object.keys(headerValues))) {
    const value = reader.text(header);
    const only = headerValues[name] ?? [];
    if (value === undefined) continue;
    if (only.length > 0 && !only.includes(value)) {
      reader.refuse(header, JSON.stringify(value), 'it has one of the known values', `use ${only.join(' or ')}`);
    } else if (!/^[\t\x20-\x7e]*$/.test(value)) {
      reader.refuse(
        header,
        JSON.stringify(value),
        'a header is one line of ASCII (RFC 9110, section 5.5)',
        'take the other characters out',
      );
    } else headers[name] = value;
  }
  return Object.freeze(headers);
}

function parseUsers(reader: Reader, field: Field | undefined): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const [name, user] of reader.section(field)) {
    const hash = reader.text(user) ?? '';
    const cost = Number(bcryptHash.exec(hash)?.[1]);
    if (name.includes(':')) reader.refuse(user, JSON.stringify(name), 'a user name has no colon (RFC 7617)', 'give the user another name');
    if (Number.isNaN(cost)) {
      reader.refuse(user, '[redacted]', 'a password is given as its bcrypt hash', "make one with: htpasswd -nBC 10 '' | tr -d ':\\n'");
    } else if (cost < leastCost || cost > mostCost) {
      reader.refuse(
        user,
        `cost ${cost}`,
        `the cost of a hash is from ${leastCost} to ${mostCost}`,
        'make the hash again, e.g. with cost 10',
      );
    } else users.set(name, hash);
  }
  return users;
}

function parseRate(reader: Reader, field: Field | undefined): Rate | undefined {
  const given = reader.section(field, ['interval', 'burst']);
  const interval = given.get('interval');
  const burstField = given.get('burst');
  const intervalText = reader.text(interval);
  const burstText = reader.text(burstField);
  const intervalMs = intervalText === undefined ? 0 : durationMs(intervalText);
  const burst = burstText === undefined ? 0 : /^\d{1,9}$/.test(burstText) ? Number(burstText) : undefined;
  if (interval !== undefined && intervalMs === undefined) {
    reader.refuse(
      interval,
      JSON.stringify(intervalText),
      'it is a duration with its unit',
      'write it as 500ms, 1s or 1m30s; 0 for no limit',
    );
  }
  if (burstField !== undefined && burst === undefined) {
    reader.refuse(burstField, JSON.stringify(burstText), 'it is a whole number', 'write how many requests may come at once');
  } else if (interval !== undefined && intervalMs !== 0 && burst === 0) {
    reader.refuse(burstField ?? interval, 'a burst of 0', 'with a limit at least one request may come at once', 'set burst to 1 or more');
  }
  return intervalMs === undefined || intervalMs === 0 || burst === undefined ? undefined : Object.freeze({ intervalMs, burst });
}
