/** What is refused of `auth` and of the extensions that authenticate, before anything starts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { components } from '../../../src/service/components.ts';
import { readConfig } from '../../../src/service/config/index.ts';
import { warnOfOthers } from '../../../src/service/guard/open-to-others.ts';

const hash = `$$2y$$10$$${'a'.repeat(53)}`;

function problemsOf(auth: string, extensions: string, listed: string): readonly string[] {
  const yaml = `
receivers: {otlp: {protocols: {http: {${auth}}}}}
exporters: {debug: }
extensions: ${extensions}
service: {extensions: ${listed}, pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}`;
  const read = readConfig({ config: [`yaml:${yaml}`] }, components, { env: {} });
  return read.ok
    ? []
    : read.problems.map(({ at, got, rule, fix }) => `${at.slice(at.lastIndexOf(' ') + 1)}: got ${got}; ${rule}. Fix: ${fix}.`);
}

const at = 'receivers.otlp.protocols.http.auth.authenticator';
const cases: readonly (readonly [what: string, auth: string, extensions: string, listed: string, problem: string | undefined])[] =
  [
    ['right', '{authenticator: bearertokenauth/a}', '{bearertokenauth/a: {token: x}}', '[bearertokenauth/a]', undefined],
    [
      'an extension that is not there',
      '{authenticator: bearertokenauth/b}',
      '{bearertokenauth/a: {token: x}}',
      '[bearertokenauth/a]',
      `${at}: got "bearertokenauth/b"; there is no such extension below extensions. Fix: write bearertokenauth/a.`,
    ],
    [
      'one that is not listed',
      '{authenticator: bearertokenauth}',
      '{bearertokenauth: {token: x}}',
      '[]',
      `${at}: got "bearertokenauth"; service.extensions lists an extension that is used. Fix: add bearertokenauth to service.extensions.`,
    ],
    [
      'one that checks nothing',
      '{authenticator: health_check}',
      '{health_check: }',
      '[health_check]',
      `${at}: got "health_check"; it is an extension that checks credentials. Fix: name a bearertokenauth, or a basicauth with htpasswd.`,
    ],
    [
      'a basicauth for clients',
      '{authenticator: basicauth}',
      '{basicauth: {client_auth: {username: u, password: p}}}',
      '[basicauth]',
      `${at}: got "basicauth"; it is an extension that checks credentials. Fix: name a bearertokenauth, or a basicauth with htpasswd.`,
    ],
    [
      'no authenticator',
      '{}',
      '{}',
      '[]',
      `${at}: got nothing; it is required: it is TYPE or TYPE/NAME: a type of letters, digits and _, and a name without spaces. Fix: write otlp or otlp/2.`,
    ],
    [
      'credentials from a query',
      '{authenticator: basicauth, request_params: [token]}',
      `{basicauth: {htpasswd: {inline: 'u:${hash}'}}}`,
      '[basicauth]',
      'receivers.otlp.protocols.http.auth.request_params: got "request_params"; the Collector has this key, meterbridge serve has not. Fix: leave it out, and send credentials in headers: a URL ends up in logs.',
    ],
  ];

for (const [what, auth, extensions, listed, problem] of cases)
  test(`auth: ${what}`, () =>
    assert.deepEqual(problemsOf(`auth: ${auth}`, extensions, listed), problem === undefined ? [] : [problem]));

const settings: readonly (readonly [extension: string, problem: RegExp | undefined])[] = [
  [`basicauth: {htpasswd: {inline: 'u:${hash}'}}`, undefined],
  ['basicauth: {}', /^extensions\.basicauth: got neither; it has htpasswd, for servers, or client_auth/],
  [
    `basicauth: {htpasswd: {inline: 'u:${hash}'}, client_auth: {username: u}}`,
    /^extensions\.basicauth: got both; it has htpasswd/,
  ],
  ['basicauth: {htpasswd: {}}', /^extensions\.basicauth\.htpasswd: got neither; it has file or inline/],
  [
    "basicauth: {htpasswd: {inline: 'u:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M='}}",
    /inline: got line 1, user "u"; only bcrypt hashes are supported\. Fix: make one with: htpasswd -nBC 10 u\.$/,
  ],
  ["basicauth: {htpasswd: {inline: 'u:$$apr1$$salt$$xxxxxxxx'}}", /only bcrypt hashes are supported/],
  ["basicauth: {htpasswd: {inline: 'u:plain'}}", /got line 1, user "u"; only bcrypt/],
  ["basicauth: {htpasswd: {inline: 'nothing'}}", /got line 1; a line is NAME:HASH/],
  [
    `basicauth: {htpasswd: {inline: 'u:$$2y$$19$$${'a'.repeat(53)}'}}`,
    /got line 1, user "u", cost 19; the cost of a hash is from 4 to 18/,
  ],
  ["basicauth: {client_auth: {username: 'a:b'}}", /username: got a colon; a user name has no colon/],
  ['bearertokenauth: {}', /^extensions\.bearertokenauth: got none; it has token, tokens or filename/],
  ['bearertokenauth: {token: a, tokens: [b]}', /^extensions\.bearertokenauth\.tokens: got both; it is token or tokens/],
  ['bearertokenauth: {tokens: [a, "b c"]}', /tokens: got token 2; a token has no white space/],
  ['bearertokenauth: {token: a, header: "a b"}', /header: got "a b"; it is the name of a header/],
  ['bearertokenauth: {token: a, scheme: "a b"}', /scheme: got "a b"; it is one word/],
];

for (const [extension, problem] of settings)
  test(`the extension ${extension}`, () => {
    const problems = problemsOf('', `{${extension}}`, '[]');
    assert.equal(problems.length, problem === undefined ? 0 : 1, problems.join('\n'));
    if (problem !== undefined) assert.match(problems[0] ?? '', problem);
    assert.doesNotMatch(problems.join(), /plain|apr1|qUqP5/, 'a secret is never shown');
  });

test('an address that others can reach is a warning until credentials are asked for over TLS', () => {
  const warningOf = (guards: object) => {
    const lines: string[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (line: string) => void lines.push(line) };
    warnOfOthers(log, 'at', '0.0.0.0:1', guards);
    return lines.join('\n');
  };
  const tls = { cert_file: 'a', key_file: 'b' };
  assert.match(warningOf({}), /there is no TLS and no credential before it\. Fix: add tls and auth,/);
  assert.match(warningOf({ tls }), /it asks for no credential\. Fix: add auth,/);
  assert.match(warningOf({ auth: {} }), /credentials travel without TLS\. Fix: add tls,/);
  assert.equal(warningOf({ tls, auth: {} }), '');
  assert.equal(warningOf({ tls: { ...tls, client_ca_file: 'c' } }), '');
});
