/**
 * Bytes that a client may send on one connection in the hope that a hidden path answers otherwise than an unknown one. Nothing
 * here is sent by honest clients.
 */
import { METHODS } from 'node:http';

/** In place of a piece: the client ends its side, once it has got an answer. */
export const END = '<end>';

/** What to send; between two pieces is a pause. */
export type Odd = readonly [name: string, ...pieces: string[]];

const websocket = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
const close = 'Connection: close';

/** Lines of a request, and the bytes behind its head. */
function ask(target: string, by: string, method: string, lines: readonly string[], behind = '', version = 'HTTP/1.1'): string {
  return [`${method} ${target} ${version}`, ...(lines.includes('no Host') ? [] : ['Host: localhost']), by, ...lines, '', behind]
    .filter((line) => line !== 'no Host')
    .join('\r\n');
}

/**
 * A few hundred, each for a connection of its own, which all of them end or break. `by` is the header line that makes the client
 * a stranger.
 */
export function oddRequests(path: string, by: string): Odd[] {
  const to = (method: string, lines: readonly string[], behind?: string, version?: string) =>
    ask(path, by, method, lines, behind, version);
  const last = ask('/the-last', by, 'GET', [close]);
  const methods = METHODS.filter((method) => method !== 'CONNECT');
  return [
    ...methods.map((method): Odd => [method, to(method, [close])]),
    ...methods.map((method): Odd => [`${method} and a second`, to(method, []), last]),
    ...methods.map((method): Odd => [`${method} to a WebSocket`, to(method, websocket, last), END]),
    ...['BREW', 'get', 'G', 'GET\t', '', 'CONNECT', 'PRI'].map(
      (method): Odd => [`method ${JSON.stringify(method)}`, to(method, [close])],
    ),
    ...upgrades.map(([name, ...lines]): Odd => [`upgrade: ${name}`, to('GET', lines, last), END]),
    ...upgrades.map(
      ([name, ...lines]): Odd => [`upgrade of a POST: ${name}`, to('POST', [...lines, 'Content-Length: 2'], `{}${last}`), END],
    ),
    ...['GET', 'POST', 'QUERY', 'TRACE'].flatMap((method) =>
      behinds(path, by).map(([name, bytes]): Odd => [`${method}, behind it ${name}`, to(method, [], bytes)]),
    ),
    ...behinds(path, by).map(([name, bytes]): Odd => [`a piece later, ${name}`, to('GET', []), bytes]),
    ...behinds(path, by).map(([name, bytes]): Odd => [`three times, and ${name}`, to('GET', []).repeat(3) + bytes]),
    ...['GET', 'HEAD', 'POST', 'DELETE', 'PROPFIND', 'QUERY'].flatMap((method) =>
      bodies.map(([name, lines, body]): Odd => [`${method} with ${name}`, to(method, [close, ...lines], body)]),
    ),
    ...['GET', 'POST'].flatMap((method) =>
      bodies.map(([name, lines, body]): Odd => [`${method}, its head alone, then ${name}`, to(method, [close, ...lines]), body]),
    ),
    ...heads.map(([name, ...lines]): Odd => [name, to('GET', [close, ...lines])]),
    ...targets(path).map((target): Odd => [`target ${target}`, ask(target, by, 'GET', [close])]),
    ...['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/9', 'http/1.1', ''].map(
      (version): Odd => [`version ${JSON.stringify(version)}`, to('GET', [close], '', version)],
    ),
    ['version 1.0, kept alive', to('GET', ['Connection: keep-alive'], last, 'HTTP/1.0')],
    ['bare line feeds', to('GET', [close]).replaceAll('\r\n', '\n')],
    ['bare carriage returns', to('GET', [close]).replaceAll('\r\n', '\r')],
    ['empty lines ahead', `\r\n\r\n${to('GET', [close])}`],
    ['a blank ahead', ` ${to('GET', [close])}`],
    ['two blanks', to('GET', [close]).replace(' ', '  ')],
  ];
}

const upgrades: readonly (readonly [string, ...string[]])[] = [
  ['WebSocket', ...websocket],
  ['WebSocket, no key', ...websocket.slice(0, 3)],
  ['WebSocket, a short key', ...websocket.slice(0, 3), 'Sec-WebSocket-Key: short'],
  ['WebSocket, no version', ...websocket.slice(0, 2), websocket[3] ?? ''],
  ['WebSocket, version 7', ...websocket.slice(0, 2), 'Sec-WebSocket-Version: 7', websocket[3] ?? ''],
  ['WebSocket, with a protocol', ...websocket, 'Sec-WebSocket-Protocol: chat'],
  ['WebSocket, a protocol twice', ...websocket, 'Sec-WebSocket-Protocol: a, a'],
  ['WebSocket, with an extension', ...websocket, 'Sec-WebSocket-Extensions: permessage-deflate'],
  ['WebSocket, a broken extension', ...websocket, 'Sec-WebSocket-Extensions: ;;'],
  ['WebSocket in capitals', 'Connection: UPGRADE', 'Upgrade: WEBSOCKET', ...websocket.slice(2)],
  ['without Connection', ...websocket.slice(1)],
  ['Connection, without a protocol', 'Connection: Upgrade'],
  ['to nothing', 'Connection: Upgrade', 'Upgrade:'],
  ['to several', 'Connection: Upgrade', 'Upgrade: websocket, h2c', ...websocket.slice(2)],
  ['closed', 'Connection: Upgrade, close', ...websocket.slice(1)],
  ['kept alive', 'Connection: keep-alive, Upgrade', ...websocket.slice(1)],
  ['to HTTP/2', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'],
  ['to TLS', 'Connection: Upgrade', 'Upgrade: TLS/1.2'],
  ['to something unknown', 'Connection: Upgrade', 'Upgrade: foo/2'],
  ['and an expectation', ...websocket, 'Expect: 100-continue'],
];

function behinds(path: string, by: string): [name: string, bytes: string][] {
  return [
    ['garbage', 'garbage\r\n\r\n'],
    ['NULs', '\0\0\0\0'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a method that there is not', `BREW ${path} HTTP/1.1\r\n\r\n`],
    ['a request without Host', `GET ${path} HTTP/1.1\r\n\r\n`],
    ['a header without a name', `GET ${path} HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n`],
    ['a header that is folded', `GET ${path} HTTP/1.1\r\nHost: x\r\n y: z\r\n\r\n`],
    ['two lengths', `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    ['an answer', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['a request of version 3', `GET ${path} HTTP/3.0\r\n\r\n`],
    ['the same, closed', ask(path, by, 'GET', [close])],
    ['the same, then garbage', `${ask(path, by, 'GET', [])}garbage\r\n\r\n`],
    ['another, closed', ask('/the-last', by, 'GET', [close])],
    ['another, then garbage', `${ask('/the-last', by, 'GET', [])}garbage\r\n\r\n`],
    ['a closed one, then garbage', `${ask(path, by, 'GET', [close])}garbage\r\n\r\n`],
    ['an expectation', `${ask(path, by, 'PUT', ['Expect: foo', close])}`],
  ];
}

const json = 'Content-Type: application/json';
const chunked = 'Transfer-Encoding: chunked';
const bodies: readonly (readonly [name: string, lines: readonly string[], body: string])[] = [
  ['JSON', [json, 'Content-Length: 2'], '{}'],
  ['broken JSON', [json, 'Content-Length: 1'], '{'],
  ['JSON that would be a prototype', [json, 'Content-Length: 17'], '{"__proto__": {}}'],
  ['a body of no type', ['Content-Length: 1'], 'x'],
  ['an empty body of a type', [json, 'Content-Length: 0'], ''],
  ['a body of a type that nobody reads', ['Content-Type: application/strange', 'Content-Length: 1'], 'x'],
  ['a body of what is no type', ['Content-Type: no type at all', 'Content-Length: 1'], 'x'],
  ['a body beyond the limit', ['Content-Type: text/plain', 'Content-Length: 3000'], 'x'.repeat(3_000)],
  ['a length that is no number', ['Content-Length: x'], 'x'],
  ['a negative length', ['Content-Length: -1'], 'x'],
  ['two lengths', ['Content-Length: 1', 'Content-Length: 2'], 'xx'],
  ['length and chunks', ['Content-Length: 5', chunked], '0\r\n\r\n'],
  ['chunks', [chunked], '1\r\nx\r\n0\r\n\r\n'],
  ['chunks of JSON', [chunked, json], '2\r\n{}\r\n0\r\n\r\n'],
  ['a chunk without a size', [chunked], 'x\r\nx\r\n0\r\n\r\n'],
  ['a second chunk without a size', [chunked], '1\r\nx\r\ng\r\n'],
  ['a chunk that is longer than it says', [chunked, json], '1\r\nxyz\r\n0\r\n\r\n'],
  ['a chunk beyond all sizes', [chunked], 'fffffffffffffffff\r\nx'],
  ['a chunk with a broken extension', [chunked], '1;=\r\nx\r\n0\r\n\r\n'],
  ['a broken trailer', [chunked], '1\r\nx\r\n0\r\n: x\r\n\r\n'],
  ['an encoding that there is not', ['Transfer-Encoding: gzip'], 'x'],
  ['chunks that are not last', ['Transfer-Encoding: chunked, gzip'], '0\r\n\r\n'],
  ['100-continue', ['Expect: 100-continue', json, 'Content-Length: 2'], '{}'],
  ['another expectation', ['Expect: foo', 'Content-Length: 2'], '{}'],
];

const heads: readonly (readonly [string, ...string[]])[] = [
  ['no Host', 'no Host'],
  ['a second Host', 'Host: other'],
  ['a header of 15 kB', `X-Long: ${'x'.repeat(15_000)}`],
  ['a header beyond the limit', `X-Long: ${'x'.repeat(17_000)}`],
  ['1,500 headers', ...Array.from({ length: 1_500 }, (_, at) => `a${at}: 1`)],
  ['a header without a colon', 'X-Odd'],
  ['a header without a name', ': x'],
  ['a blank ahead of the colon', 'X-Odd : x'],
  ['a folded header', 'X-Odd: x', ' y'],
  ['a NUL in a header', 'X-Odd: \0'],
  ['bytes above ASCII', 'X-Odd: ÿ'],
  ['a version wanted', 'Accept-Version: 1.x'],
  ['another method by header', 'X-HTTP-Method-Override: POST'],
  ['another URL by header', 'X-Original-URL: /metrics', 'X-Rewrite-URL: /metrics'],
  ['a range', 'Range: bytes=0-1', 'If-Range: "x"'],
  ['conditions', 'If-None-Match: *', 'If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT'],
  ['a preflight', 'Origin: https://x', 'Access-Control-Request-Method: GET'],
  ['credentials', 'Authorization: Bearer wrong', 'Authorization: Basic eDp4', 'Cookie: a=b'],
  ['OpenMetrics', 'Accept: application/openmetrics-text;version=1.0.0', 'Accept-Encoding: gzip'],
  ['connection headers that are no options', 'Connection: x-forwarded-for', 'Keep-Alive: timeout=0'],
  ['a length for GET', 'Content-Length: 0'],
  ['a trailer announced', 'TE: trailers', 'Trailer: x'],
];

function targets(path: string): string[] {
  const escaped = `/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`;
  return [
    `${path}?format=json`,
    `${path}?`,
    `${path}/`,
    `${path}//`,
    `/${path}`,
    `${path}#fragment`,
    `${path};a=b`,
    `${path}%20`,
    `${path}%00`,
    `${path}%zz`,
    `${path}%`,
    `${path}%ff`,
    `${path}%2f`,
    `${path}?%zz`,
    escaped,
    `${escaped}?x`,
    path.toUpperCase(),
    `/.${path}`,
    `/x/..${path}`,
    `http://localhost${path}`,
    `https://elsewhere:1${path}?x`,
    `http://${path.slice(1)}`,
    path.slice(1),
    `*${path}`,
    `${path}/${'x'.repeat(200)}`,
    `${path}${'x'.repeat(3_000)}`,
    `${path}\u00e9`,
    `${path} x`,
  ];
}
