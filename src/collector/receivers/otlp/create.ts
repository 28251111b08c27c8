import { addressText } from '../../../config/schema/index.ts';
import { type Bindable, bind, resolveTarget } from '../../../listen/bind.ts';
import { bindSocket } from '../../../listen/bind-socket.ts';
import { authorityOf } from '../../../listen/listen-address.ts';
import { type Code, codes } from '../../../otlp/export-answers.ts';
import type { Component, ReceiverGiven } from '../../component.ts';
import { authGate } from '../../guard/auth.ts';
import { createGreet } from '../../guard/cors.ts';
import { warnOfOthers } from '../../guard/open-to-others.ts';
import { type CurrentTls, watchServerTls } from '../../guard/server-tls.ts';
import { bodyBytes, encodings, type GrpcSettings, type HttpSettings, messageBytes, metricsPath, type OtlpSettings } from './config.ts';
import { createGrpcServer } from './grpc/server.ts';
import { createHttpServer } from './http/server.ts';
import { createIntake } from './intake.ts';

/** How long requests under way may take once the receiver shuts down. */
const graceMs = 3_000;

/** What a refused request is counted as. */
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

type Listens = Pick<HttpSettings, 'endpoint' | 'tls' | 'auth'>;

export function createOtlpReceiver({ protocols: { http, grpc } }: OtlpSettings, given: ReceiverGiven): Component {
  const open: Bindable[] = [];

  /** `path`: what stands behind the address in the line of all listeners. */
  async function listen(protocol: 'http' | 'grpc', settings: Listens, make: (tls: CurrentTls | undefined) => Bindable, path = '') {
    const above = `receivers.${given.id}.protocols.${protocol}`;
    const at = `${above}.endpoint`;
    const { endpoint } = settings;
    const target = endpoint.path === undefined ? await resolveTarget(endpoint, at, addressText(endpoint)) : undefined;
    const tls = settings.tls && watchServerTls(settings.tls, { at: `${above}.tls`, log: given.log });
    const otlp = make(tls);
    if (target === undefined) await bindSocket(otlp, endpoint.path ?? '', at);
    const bound = target && (await bind(otlp, target, endpoint.port, at, addressText(endpoint)));
    const where = bound === undefined ? `unix:${endpoint.path}${path && `:${path}`}` : authorityOf(bound.host, bound.port) + path;
    open.push(otlp);
    if (target?.loopback === false) warnOfOthers(given.log, at, addressText(endpoint), settings);
    given.listening(`${protocol}${tls === undefined ? '' : 's'}://${where}`);
  }

  return Object.freeze({
    async start() {
      if (http !== undefined) await listen('http', http, (tls) => httpServer(http, tls, given), metricsPath(http));
      if (grpc !== undefined) await listen('grpc', grpc, (tls) => grpcServer(grpc, tls, given));
    },
    async shutdown() {
      await Promise.all(open.map(({ close }) => close(graceMs)));
    },
  });
}

function httpServer(settings: HttpSettings, tls: CurrentTls | undefined, given: ReceiverGiven): Bindable {
  return createHttpServer({
    path: metricsPath(settings),
    maxBytes: bodyBytes(settings),
    readTimeout: settings.read_timeout,
    readHeaderTimeout: settings.read_header_timeout,
    writeTimeout: settings.write_timeout,
    idleTimeout: settings.idle_timeout,
    keepAlive: settings.keep_alives_enabled,
    greet: createGreet(settings),
    encodings: encodings(settings),
    tls,
    intake: createIntake(given, 'http'),
    auth: authGate(settings.auth, given),
    refused: (code, message, kind = kinds[code]) => given.refusal(kind, message),
  });
}

function grpcServer(settings: GrpcSettings, tls: CurrentTls | undefined, given: ReceiverGiven): Bindable {
  const { max_connection_idle, max_connection_age, max_connection_age_grace, time, timeout } = settings.keepalive.server_parameters;
  return createGrpcServer({
    maxBytes: messageBytes(settings),
    keepalive: { maxIdle: max_connection_idle, maxAge: max_connection_age, maxAgeGrace: max_connection_age_grace, time, timeout },
    tls,
    intake: createIntake(given, 'grpc'),
    auth: authGate(settings.auth, given),
    refused: (code, message, kind = kinds[code]) => given.refusal(kind, message),
  });
}
