import { type Address, addressText } from '../../../config/schema/index.ts';
import { type Code, codes } from '../../../otlp/export-answers.ts';
import { bind, resolveTarget } from '../../../pull/bind.ts';
import { authorityOf } from '../../../pull/listen-address.ts';
import type { Component, ReceiverGiven } from '../../component.ts';
import { bodyBytes, type GrpcSettings, type HttpSettings, messageBytes, metricsPath, type OtlpSettings } from './config.ts';
import { createGrpcServer } from './grpc/server.ts';
import { createHttpServer } from './http/server.ts';
import { createIntake } from './intake.ts';
import type { OtlpServer } from './otlp-server.ts';

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
};

export function createOtlpReceiver({ protocols: { http, grpc } }: OtlpSettings, given: ReceiverGiven): Component {
  const open: OtlpServer[] = [];

  async function listen(protocol: 'http' | 'grpc', address: Address, make: () => OtlpServer, where: (host: string) => string) {
    const at = `receivers.${given.id}.protocols.${protocol}.endpoint`;
    const text = addressText(address);
    const target = await resolveTarget(address, at, text);
    const otlp = make();
    const bound = await bind(otlp, target, address.port, at, text);
    open.push(otlp);
    if (!target.loopback) given.log.warn(openToOthers(at, text));
    given.listening(where(authorityOf(bound.host, bound.port)));
  }

  return Object.freeze({
    async start() {
      if (http !== undefined)
        await listen(
          'http',
          http.endpoint,
          () => httpServer(http, given),
          (host) => `http://${host}${metricsPath(http)}`,
        );
      if (grpc !== undefined)
        await listen(
          'grpc',
          grpc.endpoint,
          () => grpcServer(grpc, given),
          (host) => `grpc://${host}`,
        );
    },
    async shutdown() {
      await Promise.all(open.map(({ close }) => close(graceMs)));
    },
  });
}

function httpServer(settings: HttpSettings, given: ReceiverGiven): OtlpServer {
  return createHttpServer({
    path: metricsPath(settings),
    maxBytes: bodyBytes(settings),
    readTimeout: settings.read_timeout,
    readHeaderTimeout: settings.read_header_timeout,
    writeTimeout: settings.write_timeout,
    idleTimeout: settings.idle_timeout,
    keepAlive: settings.keep_alives_enabled,
    intake: createIntake(given, 'http'),
    refused: (code, message) => given.refusal(kinds[code], message),
  });
}

function grpcServer(settings: GrpcSettings, given: ReceiverGiven): OtlpServer {
  const { max_connection_idle, max_connection_age, max_connection_age_grace, time, timeout } = settings.keepalive.server_parameters;
  return createGrpcServer({
    maxBytes: messageBytes(settings),
    keepalive: { maxIdle: max_connection_idle, maxAge: max_connection_age, maxAgeGrace: max_connection_age_grace, time, timeout },
    intake: createIntake(given, 'grpc'),
    refused: (code, message) => given.refusal(kinds[code], message),
  });
}

function openToOthers(at: string, text: string): string {
  return (
    `${at}: ${text} can be reached from other machines, and whoever reaches it can send metrics: there is no TLS and no credential before it. ` +
    'Fix: listen at localhost, or let only your senders through to this port.'
  );
}
