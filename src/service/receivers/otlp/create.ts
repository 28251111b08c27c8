import { addressText } from '../../../core/config/schema/index.ts';
import { type Code, codes } from '../../../formats/otlp/export-answers.ts';
import { type Bindable, bind, resolveTarget } from '../../../net/listen/bind.ts';
import { bindSocket } from '../../../net/listen/bind-socket.ts';
import { connectionsWithin, tooMany } from '../../../net/listen/connections.ts';
import { authorityOf } from '../../../net/listen/listen-address.ts';
import type { Component, ReceiverContext } from '../../component.ts';
import { authGate } from '../../guard/auth.ts';
import { createApplyCors } from '../../guard/cors.ts';
import { hostsOf } from '../../guard/hosts.ts';
import { warnOfOthers } from '../../guard/open-to-others.ts';
import { type CurrentTls, watchServerTls } from '../../guard/server-tls.ts';
import {
  bodyBytes,
  encodings,
  type GrpcSettings,
  type HttpSettings,
  messageBytes,
  metricsPath,
  type OtlpSettings,
} from './config.ts';
import { createGrpcServer } from './grpc/server.ts';
import { createHttpServer } from './http/server.ts';
import { createIntake } from './intake.ts';
import { createShared, type Shared } from './shared.ts';

/** How long requests under way may take once the receiver shuts down. */
const graceMs = 3_000;

/** What a rejected request is counted as. */
const kinds: Readonly<Record<Code, string>> = {
  [codes.invalidArgument]: 'unreadable',
  [codes.deadlineExceeded]: 'too_slow',
  [codes.notFound]: 'not_found',
  [codes.resourceExhausted]: 'too_large',
  [codes.unimplemented]: 'unsupported',
  [codes.internal]: 'failed',
  [codes.unavailable]: 'crowded_out',
  [codes.unauthenticated]: 'wrong_credentials',
};

/** So many of the largest bodies or messages may arrive at a time, each slower than the next. */
const bodiesAtOnce = 8;
const messagesAtOnce = 40;

type Listens = Pick<HttpSettings, 'endpoint' | 'tls' | 'auth'>;

export function createOtlpReceiver({ protocols: { http, grpc } }: OtlpSettings, context: ReceiverContext): Component {
  const open: Bindable[] = [];
  const shared = createShared(context.memory);
  let closed: Promise<unknown> | undefined;

  /** None of them listens any more once this has returned. */
  function close(): Promise<unknown> {
    closed ??= Promise.all(open.map((server) => server.close(graceMs)));
    return closed;
  }

  /** `path`: what follows the address in the log line of all listeners. */
  async function listen(
    protocol: 'http' | 'grpc',
    settings: Listens,
    make: (tls: CurrentTls | undefined) => Bindable,
    path = '',
  ) {
    const above = `receivers.${context.id}.protocols.${protocol}`;
    const at = `${above}.endpoint`;
    const { endpoint } = settings;
    const target = endpoint.path === undefined ? await resolveTarget(endpoint, at, addressText(endpoint)) : undefined;
    const tls = settings.tls && watchServerTls(settings.tls, { at: `${above}.tls`, log: context.log });
    const otlp = make(tls);
    if (target === undefined) await bindSocket(otlp, endpoint.path ?? '', at);
    const bound = target && (await bind(otlp, target, endpoint.port, at, addressText(endpoint)));
    const where = bound === undefined ? `unix:${endpoint.path}${path && `:${path}`}` : authorityOf(bound.host, bound.port) + path;
    open.push(otlp);
    if (target?.loopback === false) warnOfOthers(context.log, at, addressText(endpoint), settings);
    context.listening(`${protocol}${tls === undefined ? '' : 's'}://${where}`);
  }

  return Object.freeze({
    async start() {
      if (http !== undefined) await listen('http', http, (tls) => httpServer(http, tls, context, shared), metricsPath(http));
      if (grpc !== undefined) await listen('grpc', grpc, (tls) => grpcServer(grpc, tls, context, shared));
    },
    leave: () => void close(),
    async shutdown() {
      await close();
      shared.end();
    },
  });
}

function httpServer(settings: HttpSettings, tls: CurrentTls | undefined, context: ReceiverContext, shared: Shared): Bindable {
  const maxBytes = bodyBytes(settings);
  return createHttpServer({
    path: metricsPath(settings),
    maxBytes,
    ...shared.servers(bodiesAtOnce * maxBytes),
    readTimeout: settings.read_timeout,
    readHeaderTimeout: settings.read_header_timeout,
    writeTimeout: settings.write_timeout,
    idleTimeout: settings.idle_timeout,
    keepAlive: settings.keep_alives_enabled,
    greet: createApplyCors(settings),
    hosts: hostsOf(settings.endpoint, context.limits),
    encodings: encodings(settings),
    tls,
    intake: createIntake(context, 'http', shared.turns),
    auth: authGate(settings.auth, context),
    refused: (code, message, kind = kinds[code]) => context.refusal(kind, message),
    mostConnections: connectionsWithin(context.memory.limit, tls !== undefined),
    crowded: (message) => context.refusal(tooMany, message),
  });
}

function grpcServer(settings: GrpcSettings, tls: CurrentTls | undefined, context: ReceiverContext, shared: Shared): Bindable {
  const maxBytes = messageBytes(settings);
  const { max_connection_idle, max_connection_age, max_connection_age_grace, time, timeout } =
    settings.keepalive.server_parameters;
  return createGrpcServer({
    maxBytes,
    ...shared.servers(messagesAtOnce * maxBytes),
    keepalive: { maxIdle: max_connection_idle, maxAge: max_connection_age, maxAgeGrace: max_connection_age_grace, time, timeout },
    tls,
    intake: createIntake(context, 'grpc', shared.turns),
    auth: authGate(settings.auth, context),
    refused: (code, message, kind = kinds[code]) => context.refusal(kind, message),
    mostConnections: connectionsWithin(context.memory.limit, tls !== undefined),
    crowded: (message) => context.refusal(tooMany, message),
  });
}
