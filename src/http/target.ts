/** Splits a request target (RFC 9112, section 3.2), whatever it contains: nothing throws, and the path stays encoded. */
export interface Target {
  readonly path: string;
  readonly query: URLSearchParams;
}

const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

export function parseTarget(target: string): Target {
  const local = target.startsWith('/') ? target : target.replace(absoluteForm, '');
  const questionMark = local.indexOf('?');
  const path = questionMark < 0 ? local : local.slice(0, questionMark);
  let query: URLSearchParams | undefined;
  return {
    path: path === '' ? '/' : path,
    // Most requests have none, and most handlers ask for none.
    get query() {
      query ??= new URLSearchParams(questionMark < 0 ? '' : local.slice(questionMark + 1));
      return query;
    },
  };
}

/** A target that a router can decode: where it cannot (RFC 3986, section 2.4), `%` stands for itself. */
export function decodable(target: string): string {
  const [path = ''] = target.split(/[?#]/, 1);
  try {
    decodeURIComponent(path);
    return target;
  } catch {
    return path.replaceAll('%', '%25') + target.slice(path.length);
  }
}
