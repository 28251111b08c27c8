/** Splits a request target (RFC 9112, section 3.2), whatever it contains: nothing throws, and the path stays encoded. */
import { decoded } from '../../core/node/decoded.ts';

export interface Target {
  readonly path: string;
  readonly query: URLSearchParams;
}

const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;

export function parseTarget(target: string): Target {
  const local = target.startsWith('/') ? target : target.replace(absoluteForm, '');
  const questionMark = local.indexOf('?');
  const path = questionMark < 0 ? local : local.slice(0, questionMark);
  return new ParsedTarget(path === '' ? '/' : path, questionMark < 0 ? '' : local.slice(questionMark + 1));
}

/** Host and port of a target in absolute form, without a user; undefined of any other. */
export function targetHost(target: string): string | undefined {
  const authority = target.startsWith('/') ? undefined : absoluteForm.exec(target)?.[1];
  return authority?.slice(authority.lastIndexOf('@') + 1);
}

/** A class: V8 makes a new hidden class for each object whose literal has a getter. */
class ParsedTarget implements Target {
  readonly path: string;
  private readonly search: string;
  private params: URLSearchParams | undefined = undefined;

  constructor(path: string, search: string) {
    this.path = path;
    this.search = search;
  }

  /** Made when a handler reads it, which few do. */
  get query(): URLSearchParams {
    this.params ??= new URLSearchParams(this.search);
    return this.params;
  }
}

const unreserved = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][0-9A]|5F|7E)/gi;

/** A path in its usual spelling: characters that need not be encoded are not (RFC 3986, section 6.2.2.2). */
export function plainPath(path: string): string {
  return path.replace(unreserved, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)));
}

/** A target that a router can decode: where it cannot (RFC 3986, section 2.4), `%` is literal. */
export function decodable(target: string): string {
  const [path = ''] = target.split(/[?#]/, 1);
  return decoded(path) === undefined ? path.replaceAll('%', '%25') + target.slice(path.length) : target;
}
