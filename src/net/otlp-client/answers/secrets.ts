/** Finds the secrets of a push in foreign text by their value, in each form in which a server may echo them. */

/** What may hold secrets: values of headers, and user, password and query of the URL. */
export interface Sensitive {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const redacted = '[redacted]';
/** In characters; a shorter secret is redacted as a whole word only, so that its letters stay in other words. */
const shortSecret = 4;
/** The length from which the Base64 of a secret is also searched for within longer Base64. */
const shortBase64 = 8;
/** They hold no secrets, and error messages use the same words. */
const plainHeaders: ReadonlySet<string> = new Set(['user-agent', 'accept', 'accept-encoding']);

/** Removes the secrets from a string. `wasCut`: it may end in the middle of one. */
export function createRedactor(sensitive: Sensitive): (text: string, wasCut: boolean) => string {
  const forms = [...new Set(secretsOf(sensitive).flatMap(formsOf).map(unescaped))].filter((form) => form !== '');
  return (text, wasCut) => redact(unescaped(text), forms, wasCut);
}

function secretsOf({ url, headers }: Sensitive): string[] {
  const { username, password, search, searchParams } = new URL(url);
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  const query = search.slice(1);
  const raw = query.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [
    ...(user === '' && pass === '' ? [] : [user, username, pass, password, `${user}:${pass}`, `${username}:${password}`]),
    ...[...searchParams].map(([name, value]) => (value === '' ? name : value)),
    ...[query, ...raw],
    ...Object.entries(headers).flatMap(([name, value]) => (plainHeaders.has(name) ? [] : partsOf(value))),
  ];
}

/** The value of a header, the value without its scheme (`Bearer`), and the parts into which a server may split it. */
function partsOf(value: string): string[] {
  const scheme = /^[a-z-]+ /i.exec(value)?.[0] ?? '';
  const rest = value.slice(scheme.length).trim();
  const pieces = rest.split(/[\s,;:="']+/).filter((piece) => piece.length >= shortSecret);
  if (scheme.toLowerCase() !== 'basic ') return [value, rest, ...pieces];
  const credentials = Buffer.from(rest, 'base64').toString('utf8');
  return [value, rest, ...pieces, credentials, credentials.slice(credentials.indexOf(':') + 1)];
}

function formsOf(secret: string): string[] {
  const text = secret.toWellFormed();
  const percent = [encodeURIComponent(text), encodeURI(text), new URLSearchParams([['', text]]).toString().slice(1)];
  const lower = percent.map((form) => form.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase()));
  const json = JSON.stringify(text).slice(1, -1);
  return [secret, ...percent, ...lower, json, json.replaceAll('/', '\\/'), ...html(text), ...base64(text)];
}

/** Character references by name, as most servers write them, and by number, as Go's templates do. */
function html(text: string): string[] {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const numbered: Record<string, string> = { ...named, '"': '&#34;', '+': '&#43;' };
  return [named, numbered].map((names) => text.replace(/[&<>"'+]/g, (mark) => names[mark] ?? mark));
}

/**
 * Encoded alone, and within a longer encoded string: for each of the three alignments, the characters that the secret alone
 * determines.
 */
function base64(text: string): string[] {
  const bytes = Buffer.from(text);
  const whole = bytes.toString('base64');
  const within = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const forms = [whole, bytes.toString('base64url'), ...within.filter((form) => form.length >= shortBase64)];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** JSON within JSON, as a gateway may send it, doubles each backslash. */
function unescaped(text: string): string {
  return text.replace(/\\+/g, '\\');
}

function redact(text: string, forms: readonly string[], wasCut: boolean): string {
  const found: [from: number, to: number][] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      const end = at + form.length;
      if (form.length >= shortSecret || isWord(text, at, end)) found.push([at, end]);
    }
  }
  if (wasCut) {
    for (const form of forms) {
      const at = begunAtEnd(text, form);
      if (at < text.length) found.push([at, text.length]);
    }
  }
  let result = '';
  let done = 0;
  for (const [from, to] of found.sort(([a], [b]) => a - b)) {
    if (to <= done) continue;
    if (from >= done) result += text.slice(done, from) + redacted;
    done = to;
  }
  return result + text.slice(done);
}

function isWord(text: string, from: number, to: number): boolean {
  const letter = /[\p{L}\p{N}]/u;
  return !letter.test(text.charAt(from - 1)) && !letter.test(text.charAt(to));
}

/** Where the string ends with the beginning of a secret. */
function begunAtEnd(text: string, form: string): number {
  for (let at = Math.max(0, text.length - form.length + 1); at < text.length; at++) {
    if (form.startsWith(text.slice(at))) return at;
  }
  return text.length;
}
