/** Parses and checks a web configuration: the format of Prometheus's Exporter Toolkit (docs/web-configuration.md). */

import { byPosition } from '../../core/config/by-position.ts';
import { readTree } from '../../core/config/read-tree.ts';
import {
  type Checker,
  checkerOf,
  duration,
  type Findings,
  flag,
  type Infer,
  map,
  oneOf,
  optional,
  secret,
  section,
  text,
  wholeNumber,
  wrong,
} from '../../core/config/schema/index.ts';
import type { Problem } from '../../core/errors/error.ts';
import { hashProblem } from './bcrypt-hash.ts';
import type { Rate, WebConfig } from './config.ts';
import { parseTls } from './parse-tls.ts';
import { tlsSchema } from './tls-schema.ts';

export type ParseResult =
  | { readonly ok: true; readonly config: WebConfig; readonly files: ReadonlySet<string> }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly files: ReadonlySet<string> };

const header = optional(text({ check: headerRule, example: 'take the other characters out' }));
const schema = section({
  tls_server_config: tlsSchema,
  http_server_config: section(
    {
      http2: flag({ default: false }),
      /** The headers that may be set, and their allowed values where those are fixed. */
      headers: section({
        'Strict-Transport-Security': header,
        'X-Content-Type-Options': optional(oneOf(['nosniff'])),
        'X-Frame-Options': optional(oneOf(['deny', 'sameorigin'])),
        'X-XSS-Protection': header,
        'Content-Security-Policy': header,
      }),
    },
    ({ http2 }, on) => {
      const rule = 'HTTP/2 is not supported; clients that know it use HTTP/1.1 here';
      if (http2) on.refuse('http2', 'true', rule, 'write false, or leave it out');
    },
  ),
  basic_auth_users: map(secret({ default: '' })),
  rate_limit: section({
    interval: duration({ default: '0s', unitRequired: true }),
    burst: optional(wholeNumber({ exact: true, max: 999_999_999, example: 'write how many requests may come at once' })),
  }),
});
type Settings = Infer<typeof schema>;

/**
 * `files` are those that the configuration names, readable or not. `path` is the user's name for the file, `full` its absolute
 * path.
 */
export function parseWebConfig(path: string, full: string, text: string): ParseResult {
  const { tree, problems: unreadable } = readTree(path, text, 'exporter-toolkit');
  const findings: Findings = { problems: [...unreadable], warnings: [] };
  const files = new Set<string>();
  const given = { tree, keys: '' };
  const settings = schema.read(given, findings);
  if (settings === wrong) return { ok: false, problems: findings.problems, files };
  const on = checkerOf(given, findings);
  const config: WebConfig = Object.freeze({
    tls: parseTls(settings.tls_server_config, on.below('tls_server_config'), { full, files, findings }),
    headers: headersOf(settings.http_server_config.headers),
    users: usersOf(settings.basic_auth_users, on.below('basic_auth_users')),
    rate: rateOf(settings.rate_limit, on.below('rate_limit')),
  });
  const problems = byPosition(findings.problems);
  return problems.length === 0 ? { ok: true, config, files } : { ok: false, problems, files };
}

function headerRule(value: string): string | undefined {
  return /^[\t\x20-\x7e]*$/.test(value) ? undefined : 'a header is one line of ASCII (RFC 9110, section 5.5)';
}

function headersOf(given: Settings['http_server_config']['headers']): Readonly<Record<string, string>> {
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.freeze(Object.fromEntries(set));
}

function usersOf(given: Settings['basic_auth_users'], on: Checker): ReadonlyMap<string, string> {
  for (const [name, hash] of given) {
    if (name.includes(':'))
      on.refuse([name], JSON.stringify(name), 'a user name has no colon (RFC 7617)', 'give the user another name');
    const problem = hashProblem(hash);
    if (problem !== undefined) on.refuse([name], problem.got, problem.rule, problem.fix);
  }
  return given;
}

function rateOf({ interval: intervalMs, burst }: Settings['rate_limit'], on: Checker): Rate | undefined {
  if (intervalMs === 0) return undefined;
  if (burst !== undefined && burst > 0) return Object.freeze({ intervalMs, burst });
  // A burst that is wrong has its problem already.
  if (burst === 0 || !on.has('burst')) {
    const rule = 'with a limit at least one request may come at once';
    on.refuse(on.has('burst') ? 'burst' : 'interval', 'a burst of 0', rule, 'set burst to 1 or more');
  }
  return undefined;
}
