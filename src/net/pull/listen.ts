/** The dedicated listener: the metrics on a port of their own. */
import { type Access, guarded } from '../access/guarded.ts';
import { type FixedReply, notFound, replyFrom } from '../access/refusal.ts';
import type { Handler } from '../http/exchange.ts';
import { routed } from '../http/routes.ts';
import { type OpenListener, type OpenOptions, openListener } from '../listen/open-listener.ts';
import { type Formats, withFormats } from './formats.ts';

export interface ListenOptions extends OpenOptions {
  /** The path that is served, or several; the listener's URL has the first. Default: `/metrics`. */
  readonly path?: string | readonly [string, ...string[]];
  /**
   * Who may read the metrics, and what a rejected request gets: see docs/access.md. Default: every client that reaches the
   * address.
   */
  readonly access?: Access;
  /**
   * What a GET with `?format=NAME` gets instead of the exposition, by name. The main thread always makes it, even for a listener
   * in a worker thread: while the main thread is blocked, the request waits up to 10 s, then gets 504. `json` takes the place of
   * the scrape's own JSON, also for
   * `Accept: application/json`. Default: none.
   */
  readonly formats?: Formats;
  /**
   * The access rule also checks requests for paths that do not exist. Without it, such paths are 404 for every client. Default:
   * false.
   */
  readonly guardAll?: boolean;
  /**
   * The response for a path that does not exist, and for a client that is rejected with 404. Default: `not found` as plain text.
   */
  readonly notFound?: FixedReply;
}

export interface Listener extends Omit<OpenListener, 'origin'> {
  /** The URL of the metrics, with the real port: `http://127.0.0.1:9478/metrics`. */
  readonly url: string;
}

/** What the package itself adds. */
export interface ListenSettings extends ListenOptions {
  /** Answers every other path, behind the same access rule. Default: 404. */
  readonly beside?: Handler | undefined;
}

/** Opens the listener. Rejects as `openListener` does, and with ACCESS_CONFIG_INVALID. */
export async function listen(handler: Handler, address: string, { beside, ...options }: ListenSettings = {}): Promise<Listener> {
  const paths = typeof options.path === 'object' ? options.path : ([options.path ?? '/metrics'] as const);
  const missing = replyFrom(options.notFound ?? notFound());
  const served = options.formats === undefined ? handler : withFormats(handler, options.formats);
  const site = { handler: behind(served, paths, options, beside), missing: () => missing };
  const { origin, ...listener } = await openListener(site, address, { ...options, proxies: options.access?.proxies });
  return Object.freeze({ url: origin + paths[0], ...listener });
}

/** Checks the path and then the access rule, or the access rule first. */
function behind(
  handler: Handler,
  paths: readonly string[],
  { access, guardAll, ...events }: ListenOptions,
  beside: Handler | undefined,
): Handler {
  const gated = (inner: Handler): Handler => (access === undefined ? inner : guarded(inner, access, events));
  const others = beside === undefined ? undefined : guardAll === true ? beside : gated(beside);
  const onPaths = (inner: Handler): Handler => routed(Object.fromEntries(paths.map((path) => [path, inner])), others);
  return guardAll === true ? gated(onPaths(handler)) : onPaths(gated(handler));
}
