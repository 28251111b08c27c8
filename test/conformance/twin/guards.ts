/** Requests that CORS and credentials decide on, and where the answers of the two differ. */
import type { Sent } from '../../service/receivers/otlp/http-client.ts';
import type { Differs } from './answers.ts';

export interface GuardAnswer {
  readonly status: number;
  /** Of the Status, where the body is one. */
  readonly code: number | undefined;
  /** Those that CORS and credentials set, and one of `response_headers`. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface GuardCase {
  readonly sent: Sent;
  readonly differs?: Differs<GuardAnswer>;
}

export const corsYaml = `yaml:receivers: {otlp: {protocols: {http: {
  response_headers: [{name: X-Own, value: one}],
  cors: {allowed_origins: ['https://a.example', 'https://*.b.example'], allowed_headers: [Content-Type, X-Custom], exposed_headers: [X-Shown, X-Own], max_age: 600}}}}}`;

const json = { 'content-type': 'application/json' };
const preflight = (origin: string | undefined, method: string, headers?: string, own = {}): Sent => ({
  method: 'OPTIONS',
  headers: {
    ...(origin !== undefined && { origin }),
    'access-control-request-method': method,
    ...(headers !== undefined && { 'access-control-request-headers': headers }),
    ...own,
  },
});
const actual = (headers: Readonly<Record<string, string>>): Sent => ({ headers: { ...json, ...headers }, body: '{}' });

export const corsCases: Readonly<Record<string, GuardCase>> = {
  'a preflight': { sent: preflight('https://a.example', 'POST', 'content-type,x-custom') },
  'a preflight without headers': { sent: preflight('https://a.example', 'POST') },
  'a preflight of an origin by its pattern': { sent: preflight('https://x.y.b.example', 'POST', 'content-type') },
  'a preflight of an origin that the pattern just takes': { sent: preflight('https://.b.example', 'GET') },
  'a preflight of an origin that is shorter than the pattern': { sent: preflight('https://b.example', 'POST') },
  'a preflight of a foreign origin': { sent: preflight('https://a.example.evil', 'POST', 'content-type') },
  'a preflight of an origin in upper case': { sent: preflight('https://A.EXAMPLE', 'POST') },
  'a preflight without an origin': { sent: preflight(undefined, 'POST') },
  'a preflight for another method': { sent: preflight('https://a.example', 'PUT') },
  'a preflight for a method in lower case': { sent: preflight('https://a.example', 'post') },
  'a preflight for another header': { sent: preflight('https://a.example', 'POST', 'content-type,x-other') },
  'a preflight for no path': { sent: { ...preflight('https://a.example', 'POST'), path: '/nowhere' } },
  'a preflight with credentials': { sent: preflight('https://a.example', 'POST', undefined, { authorization: 'Bearer x' }) },
  'a request': { sent: actual({ origin: 'https://a.example' }) },
  'a request of a foreign origin': { sent: actual({ origin: 'https://evil' }) },
  'a request without an origin': { sent: actual({}) },
  'a request for no path': { sent: { headers: { origin: 'https://a.example' }, body: '{}', path: '/nowhere' } },
};

/** The password of `ada` is `right`. */
export const authYaml = (hash: string): string => `yaml:
extensions: {bearertokenauth: {tokens: [one, two]}, basicauth: {htpasswd: {inline: 'ada:${hash.replaceAll('$', '$$$$')}'}}}
receivers: {otlp: {protocols: {http: {cors: {allowed_origins: ['*']}, auth: {authenticator: AUTHENTICATOR}}, grpc: {auth: {authenticator: AUTHENTICATOR}}}}}
service: {extensions: [bearertokenauth, basicauth]}`;

const challenged = (challenge: string, collector: Partial<GuardAnswer> = {}): Differs<GuardAnswer> => ({
  heading: 'A 401 response names the scheme',
  norm: 'The server generating a 401 response MUST send a WWW-Authenticate header field',
  collector: { headers: { vary: 'Origin' }, ...collector },
  service: { headers: { vary: 'Origin', 'www-authenticate': challenge }, status: 401, code: 16 },
});
const plain: Sent = { headers: { 'content-type': 'text/plain' }, body: '{}' };
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const noBasic = challenged('Basic realm="meterbridge"');
const noBearer = challenged('Bearer');

export const authCases: Readonly<Record<'basicauth' | 'bearertokenauth', Readonly<Record<string, GuardCase>>>> = {
  basicauth: {
    none: { sent: actual({}), differs: noBasic },
    wrong: { sent: actual(basic('ada:wrong')), differs: noBasic },
    'an unknown user': { sent: actual(basic('eve:right')), differs: noBasic },
    'another scheme': { sent: actual(bearer('right')), differs: noBasic },
    'base64 with a character too many': {
      sent: actual({ authorization: `${basic('ada:right').authorization}x` }),
      differs: noBasic,
    },
    'no colon': { sent: actual(basic('ada')), differs: noBasic },
    right: { sent: actual(basic('ada:right')) },
    'the scheme in another case': { sent: actual({ authorization: basic('ada:right').authorization.replace('Basic', 'bASIC') }) },
    'none, for no path': { sent: { ...actual({}), path: '/nowhere' }, differs: noBasic },
    'none, in protobuf': { sent: { headers: { 'content-type': 'application/x-protobuf' }, body: '' }, differs: noBasic },
    'none, without a content type': { sent: { body: '{}' }, differs: noBasic },
    'none, in another content type': { sent: plain, differs: challenged('Basic realm="meterbridge"', { status: 500, code: 13 }) },
    'a preflight': { sent: preflight('https://a.example', 'POST', 'content-type') },
  },
  bearertokenauth: {
    none: { sent: actual({}), differs: noBearer },
    wrong: { sent: actual(bearer('three')), differs: noBearer },
    'the first': { sent: actual(bearer('one')) },
    'the second': { sent: actual(bearer('two')) },
    'without a scheme': { sent: actual({ authorization: 'one' }), differs: noBearer },
    'the scheme in another case': {
      sent: actual({ authorization: 'bearer one' }),
      differs: {
        heading: 'A scheme in any case',
        norm: 'It uses a case-insensitive token to identify the authentication scheme',
        collector: { status: 401, code: 16 },
        service: { status: 200, code: undefined },
      },
    },
  },
};

/** For docs/collector-differences.md. */
export const guardDifferences = [
  ...Object.values(corsCases),
  ...Object.values(authCases).flatMap((of) => Object.values(of)),
].flatMap(({ differs }) => (differs === undefined ? [] : [{ heading: differs.heading, norm: differs.norm }]));
