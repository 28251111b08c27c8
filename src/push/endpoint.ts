/** Where pushes go: the rules of `OTEL_EXPORTER_OTLP_[METRICS_]ENDPOINT`, the same for the two options; and how a URL is shown. */
import type { Problem } from '../errors/error.ts';
import { type Environment, firstText, otlpNames, type Setting, type Warn } from './environment.ts';

/** The specification's default for OTLP over HTTP. */
const defaultEndpoint = 'http://localhost:4318';
const metricsPath = '/v1/metrics';

/** Options and variables that name the place, ahead of their reading. */
export interface EndpointOptions {
  readonly endpoint?: string | undefined;
  readonly metricsEndpoint?: string | undefined;
}

/** The URL to post to. Code goes before the environment, and what is said of metrics alone before what is said of all signals. */
export function resolveEndpoint(options: EndpointOptions, env: Environment, problems: Problem[], warn: Warn): URL | undefined {
  const [metricsName, baseName] = otlpNames('ENDPOINT');
  const coded = first([
    { at: 'push.metricsEndpoint', value: options.metricsEndpoint },
    { at: 'push.endpoint', value: options.endpoint },
  ]);
  const told = firstText(env, [metricsName, baseName]);
  const chosen = coded ?? told ?? { at: 'push.endpoint', value: defaultEndpoint };
  const asIs = chosen.at === 'push.metricsEndpoint' || chosen.at === metricsName;
  const url = read(chosen, asIs, problems, warn);
  if (coded !== undefined && told !== undefined && url !== undefined) {
    const other = read(told, told.at === metricsName, [], () => {});
    if (other === undefined || other.href !== url.href) {
      const shown = other === undefined ? 'a value that is no URL' : showUrl(other);
      warn(`${coded.at} says ${showUrl(url)}, ${told.at} says ${shown}: the option, being code, is used.`);
    }
  }
  return url;
}

/** A URL for a log: user and password, and a query (it may carry a key), are not shown. */
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
    // An unreadable URL may still hold a password, so it is shown only when nothing in it looks like one.
    problems.push({
      at,
      got: typeof value !== 'string' ? typeof value : /[@?]/.test(value) ? 'a text with a user or a query' : JSON.stringify(value),
      rule: 'it must be a URL that begins with http:// or https://',
      fix: `write ${asIs ? `${defaultEndpoint}${metricsPath}` : defaultEndpoint}, with your Collector's host and port`,
    });
    return undefined;
  }
  if (asIs) {
    if (url.pathname === '/') warn(`${at}: ${showUrl(url)} has no path and is used as it is; a Collector wants ${metricsPath}.`);
    return url;
  }
  if (url.pathname.endsWith(metricsPath)) warn(`${at}: ${showUrl(url)} ends in ${metricsPath}, which is appended once more.`);
  url.pathname = url.pathname.replace(/\/+$/, '') + metricsPath;
  return url;
}
