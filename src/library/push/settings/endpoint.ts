/**
 * Where pushes go: the rules of `OTEL_EXPORTER_OTLP_[METRICS_]ENDPOINT`, the same for the two options; and the form of a URL for
 * logs.
 */
import { type Problem, problemText } from '../../../core/errors/error.ts';
import { decoded } from '../../../core/node/decoded.ts';
import { type Environment, firstText, otlpNames, type Setting, type Warn } from './environment.ts';

/** The specification's default for OTLP over HTTP. */
const defaultEndpoint = 'http://localhost:4318';
const metricsPath = '/v1/metrics';

/** Options and variables that set the endpoint, before they are read. */
export interface EndpointOptions {
  readonly endpoint?: string | undefined;
  readonly metricsEndpoint?: string | undefined;
}

/**
 * The URL to post to. Options override the environment, and settings for metrics override those for all signals. Undefined with a
 * problem, or with a log line when a variable's user or password cannot be decoded: then nothing may be pushed.
 */
export function resolveEndpoint(options: EndpointOptions, env: Environment, problems: Problem[], warn: Warn): URL | undefined {
  const [metricsName, baseName] = otlpNames('ENDPOINT');
  const coded = first([
    { at: 'push.metricsEndpoint', value: options.metricsEndpoint },
    { at: 'push.endpoint', value: options.endpoint },
  ]);
  const fromEnv = firstText(env, [metricsName, baseName]);
  const chosen = coded ?? fromEnv ?? { at: 'push.endpoint', value: defaultEndpoint };
  const asIs = chosen.at === 'push.metricsEndpoint' || chosen.at === metricsName;
  const url = read(chosen, asIs, problems, warn);
  if (url !== undefined && !hasReadableUser(url)) return refuseUser(url, chosen.at, coded !== undefined, problems, warn);
  if (coded !== undefined && fromEnv !== undefined && url !== undefined) {
    const other = read(fromEnv, fromEnv.at === metricsName, [], () => {});
    if (other === undefined || other.href !== url.href) {
      const shown = other === undefined ? 'a value that cannot be used' : showUrl(other);
      warn(`${coded.at} is ${showUrl(url)}, ${fromEnv.at} is ${shown}: the option overrides the variable.`);
    }
  }
  return url;
}

/** A URL for a log: without user and password, and without the query, which may carry a key. */
export function showUrl(url: URL): string {
  const user = url.username === '' && url.password === '' ? '' : '[redacted]@';
  return `${url.protocol}//${user}${url.host}${url.pathname}${url.search === '' ? '' : '?[redacted]'}`;
}

function first(settings: readonly { at: string; value: string | undefined }[]): Setting<string> | undefined {
  for (const { at, value } of settings) if (value !== undefined) return { at, value };
  return undefined;
}

function read({ at, value }: Setting<string>, asIs: boolean, problems: Problem[], warn: Warn): URL | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    problems.push({
      at,
      got: shownWrong(value),
      rule: 'it must be a URL that begins with http:// or https://',
      fix: `write ${asIs ? `${defaultEndpoint}${metricsPath}` : defaultEndpoint}, with your Collector's host and port`,
    });
    return undefined;
  }
  if (asIs) {
    if (url.pathname === '/')
      warn(`${at}: ${showUrl(url)} has no path and is used as it is; a Collector expects ${metricsPath}.`);
    return url;
  }
  if (url.pathname.endsWith(metricsPath)) warn(`${at}: ${showUrl(url)} ends in ${metricsPath}, which is appended once more.`);
  let end = url.pathname.length;
  while (url.pathname[end - 1] === '/') end--;
  url.pathname = url.pathname.slice(0, end) + metricsPath;
  return url;
}

/** Shows an address, and only the scheme of another URL. Any other value may be a secret in the wrong variable. */
function shownWrong(value: unknown): string {
  if (typeof value !== 'string') return typeof value;
  if (value.length <= 100 && /^(?:localhost|\[[\da-f:.]+\]|[a-z\d-]+(?:\.[a-z\d-]+)+):\d{1,5}$/i.test(value))
    return JSON.stringify(value);
  const scheme = /^[a-z]{2,8}(?=:\/\/)/i.exec(value)?.[0];
  return scheme === undefined ? '[redacted]' : JSON.stringify(`${scheme}://…`);
}

/** `node:http` decodes user and password at each request. */
function hasReadableUser({ username, password }: URL): boolean {
  return decoded(username) !== undefined && decoded(password) !== undefined;
}

function refuseUser(url: URL, at: string, coded: boolean, problems: Problem[], warn: Warn): undefined {
  const rule = 'user and password must be percent-encoded UTF-8';
  const problem = { at, got: showUrl(url), rule, fix: 'write %25 for a percent sign, and encode what is no letter and no digit' };
  if (coded) problems.push(problem);
  else warn(`${problemText(problem)} Nothing is pushed.`);
}
