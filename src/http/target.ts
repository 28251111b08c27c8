/** A request target (RFC 9112, section 3.2) taken apart, whatever is in it: nothing throws, nothing is decoded in the path. */
export interface Target {
  readonly path: string;
  readonly query: URLSearchParams;
}

const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

export function parseTarget(target: string): Target {
  const local = target.startsWith('/') ? target : target.replace(absoluteForm, '');
  const questionMark = local.indexOf('?');
  const path = questionMark < 0 ? local : local.slice(0, questionMark);
  return { path: path === '' ? '/' : path, query: new URLSearchParams(questionMark < 0 ? '' : local.slice(questionMark + 1)) };
}
