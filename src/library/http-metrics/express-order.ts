/** Logs once that the middleware for Express comes after routes: it never sees their requests. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

interface Layer {
  readonly handle?: { readonly stack?: unknown };
  readonly route?: { readonly path?: unknown };
}

interface App {
  /** Express 5. */
  readonly router?: { readonly stack?: readonly Layer[] };
  /** Express 4, whose `router` throws. */
  readonly _router?: { readonly stack?: readonly Layer[] };
}

/** Node.js's own channel: it also reports a response that the middleware has not seen. */
const channel = 'http.server.response.finish';
/** How many responses of Express are looked at: the middleware may be in a router of the app. */
const mostAnswers = 100;
/** How many paths a line names. */
const mostNamed = 3;

/** Ends by itself with the first response of the app that has the middleware. */
export function watchOrder(middleware: unknown, log: (line: string) => void): void {
  let left = mostAnswers;

  function finished(message: unknown): void {
    const stack = stackOf((message as { readonly response: { readonly app?: App } }).response.app);
    if (stack === undefined) return;
    left -= 1;
    const at = stack.findIndex(({ handle }) => handle === middleware);
    if (at < 0 && left > 0) return;
    unsubscribe(channel, finished);
    const ahead = stack
      .slice(0, Math.max(0, at))
      .filter(({ route, handle }) => route !== undefined || handle?.stack !== undefined);
    if (ahead.length > 0) log(lineOf(ahead));
  }

  subscribe(channel, finished);
}

function stackOf(app: App | undefined): readonly Layer[] | undefined {
  try {
    return app?._router?.stack ?? app?.router?.stack;
  } catch {
    return undefined;
  }
}

function lineOf(ahead: readonly Layer[]): string {
  const named = ahead.slice(0, mostNamed).map(({ route }) => (route === undefined ? 'a router' : String(route.path)));
  const more = ahead.length > mostNamed ? ', …' : '';
  const rule = 'http.express measures what comes after it';
  return `httpServerMetrics: ${rule}, and these come before it in the Express app: ${named.join(', ')}${more}. Fix: app.use(http.express) first`;
}
