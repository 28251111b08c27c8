/** What applies to a listener whose requests have no body: TLS, credentials, and headers of every response. */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { WebConfigServer } from '../../net/web-config/index.ts';
import type { Listener } from '../../net/web-config/request-checks.ts';
import { createTlsServer } from '../../net/web-config/tls-server.ts';
import type { AuthRefusal, Context } from '../component.ts';
import { type AuthGate, type AuthSettings, authGate, isRetryable, refusalKinds, refusalWords } from './auth.ts';
import { type AnswerSettings, type ApplyCors, createApplyCors } from './cors.ts';
import { watchServerTls } from './server-tls.ts';
import type { ServerTlsSettings } from './tls-keys.ts';

export interface FrontSettings extends AnswerSettings {
  readonly tls?: ServerTlsSettings | undefined;
  readonly auth?: AuthSettings;
}

/**
 * @param at the component's location in the configuration
 * @throws COLLECTOR_CONFIG_INVALID with all that is wrong with the files
 */
export function createFront(settings: FrontSettings, at: string, context: Context): WebConfigServer {
  const tls = settings.tls && watchServerTls(settings.tls, { at: `${at}.tls`, log: context.log });
  const gate = authGate(settings.auth, context);
  const greet = createApplyCors(settings);
  let cut = () => {};
  return Object.freeze({
    scheme: tls === undefined ? 'http' : 'https',
    createServer(options: ServerOptions, listener: Listener): Server {
      const admitted = gate === undefined ? listener : behind(gate, listener, context);
      const before = greet === undefined ? admitted : greeted(greet, admitted);
      if (tls === undefined) {
        const server = createServer(options, before);
        cut = () => server.closeAllConnections();
        return server;
      }
      const secure = createTlsServer(tls, options, before);
      cut = secure.cut;
      return secure.server;
    },
    cut: () => cut(),
    close: () => {},
  });
}

function greeted(applyCors: ApplyCors, listener: Listener): Listener {
  return (request, response) => {
    if (!applyCors(request, response)) listener(request, response);
  };
}

function behind(gate: AuthGate, listener: Listener, context: Context): Listener {
  return (request, response) => {
    const decide = (reason: AuthRefusal | undefined): void => {
      if (response.destroyed) return;
      if (reason === undefined) listener(request, response);
      else refuse(request, response, reason);
    };
    const client = request.socket.remoteAddress ?? '';
    const verdict = gate.check({ rawHeaders: request.rawHeaders, client, isGone: () => response.destroyed });
    if (verdict instanceof Promise) void verdict.then(decide);
    else decide(verdict);
  };

  function refuse({ method }: IncomingMessage, response: ServerResponse, reason: AuthRefusal): void {
    context.refusal(refusalKinds[reason], refusalWords[reason]);
    const body = `${refusalWords[reason]}\n`;
    const [status, header] = isRetryable(reason) ? [503, { 'retry-after': '1' }] : [401, { 'www-authenticate': gate.challenge }];
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length, ...header });
    response.end(method === 'HEAD' ? undefined : body);
  }
}
