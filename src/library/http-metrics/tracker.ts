/** Follows each request from its arrival to the `close` of its response, which Node.js emits once, whatever became of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { countWritten, requestBodySize, type Written } from './body-sizes.ts';
import type { Ended, OwnValues, Recording, Scheme } from './exchange.ts';

export type RouteOf = (request: IncomingMessage, response: ServerResponse) => string | undefined;

export interface TrackerOptions {
  readonly recording: Recording;
  /**
   * The property that marks a response as followed: the same one for every tracker of a bridge, so that no response counts twice.
   */
  readonly followed: symbol;
  readonly skips: ((request: IncomingMessage) => boolean) | undefined;
  readonly own: ((request: IncomingMessage, response: ServerResponse) => OwnValues) | undefined;
  readonly sizes: boolean;
  /** False: requests that no route matched are not counted. */
  readonly unmatched: boolean;
}

export interface Tracker {
  /** Starts to measure; a second call for the same response changes only how its route is found. */
  follow(request: IncomingMessage, response: ServerResponse, routeOf: RouteOf | undefined): void;
  /** Sets the route of a response that is followed. */
  route(response: ServerResponse, route: string | undefined): void;
  /** For frameworks without a response of Node.js. */
  readonly recording: Recording;
  readonly unmatched: boolean;
}

interface Following {
  readonly request: IncomingMessage;
  readonly began: number;
  readonly method: string;
  readonly scheme: Scheme;
  readonly written: Written | undefined;
  readonly recording: Recording;
  readonly own: TrackerOptions['own'];
  readonly unmatched: boolean;
  routeOf: RouteOf | undefined;
  route: string | undefined;
  finished: boolean;
}

type Followed = ServerResponse & { [followed: symbol]: Following | undefined };

export function createTracker({ recording, followed, skips, own, sizes, unmatched }: TrackerOptions): Tracker {
  function finished(this: Followed): void {
    const following = this[followed];
    if (following !== undefined) following.finished = true;
  }

  function closed(this: Followed): void {
    const following = this[followed];
    if (following !== undefined) recordEnd(following, this);
  }

  return Object.freeze<Tracker>({
    recording,
    unmatched,
    follow(request, response, routeOf) {
      const earlier = (response as Followed)[followed];
      if (earlier !== undefined) {
        earlier.routeOf = routeOf ?? earlier.routeOf;
        return;
      }
      const method = recording.methodOf(request.method);
      if (method === undefined || skips?.(request) === true) return;
      const scheme = schemeOf(request);
      recording.began(method, scheme);
      (response as Followed)[followed] = {
        request,
        began: performance.now(),
        method,
        scheme,
        written: sizes ? countWritten(response) : undefined,
        recording,
        own,
        unmatched,
        routeOf,
        route: undefined,
        finished: false,
      };
      response.on('finish', finished);
      response.on('close', closed);
    },
    route(response, route) {
      const following = (response as Followed)[followed];
      if (following !== undefined) following.route = route;
    },
  });
}

function schemeOf(request: IncomingMessage): Scheme {
  return (request.socket as { readonly encrypted?: boolean } | undefined)?.encrypted === true ? 'https' : 'http';
}

function recordEnd(following: Following, response: ServerResponse): void {
  const { request, recording, method, scheme, written } = following;
  const route = following.route ?? (following.routeOf && safely(following.routeOf, request, response));
  if (route === undefined && !following.unmatched) {
    recording.dropped(method, scheme);
    return;
  }
  const aborted = !leftWhole(following, response);
  const exchange: Ended = {
    method,
    scheme,
    version: request.httpVersion === '2.0' ? '2' : request.httpVersion,
    route,
    status: response.headersSent ? response.statusCode : 0,
    aborted,
    finished: following.finished,
    seconds: (performance.now() - following.began) / 1_000,
    requestSize: written && requestBodySize(request),
    // What an aborted response would have been, and how much of it left, is unknown.
    responseSize: written === undefined || aborted ? undefined : sentSize(response, method, written),
    own: following.own && safely(following.own, request, response),
  };
  recording.ended(exchange);
}

/** HTTP/2 emits `finish` in any case. A response that a test injects emits it, and has no `writableFinished`. */
function leftWhole(
  { request, finished }: Following,
  response: ServerResponse & { readonly stream?: { readonly aborted: boolean } },
): boolean {
  return request.httpVersionMajor === 2 ? response.stream?.aborted !== true : finished;
}

/** These have no body, whatever a program writes (RFC 9110, sections 9.3.2, 15.3.5 and 15.4.5). */
function sentSize({ statusCode }: ServerResponse, method: string, { bytes }: Written): number {
  return method === 'HEAD' || statusCode === 204 || statusCode === 304 ? 0 : bytes;
}

/** A user's function must not break the response that it describes. */
function safely<T>(
  call: (request: IncomingMessage, response: ServerResponse) => T,
  request: IncomingMessage,
  response: ServerResponse,
): T | undefined {
  try {
    return call(request, response);
  } catch {
    return undefined;
  }
}
