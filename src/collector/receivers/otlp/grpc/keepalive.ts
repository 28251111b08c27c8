/** gRPC's keep-alive for a server (`keepalive.server_parameters`): old and idle connections end in order, dead ones are found by a ping. */
import type { ServerHttp2Session } from 'node:http2';

/** Milliseconds; 0: no limit. */
export interface Keepalive {
  /** A connection without a call for this long ends. */
  readonly maxIdle: number;
  /** A connection that is this old takes no new calls. */
  readonly maxAge: number;
  /** How long its last calls may take then. */
  readonly maxAgeGrace: number;
  /** A connection without a call for this long is asked for a sign of life. */
  readonly time: number;
  /** How long the answer may take. */
  readonly timeout: number;
}

export interface Watched {
  /** A call begins. */
  begin(): void;
  end(): void;
}

export interface Watch {
  watch(session: ServerHttp2Session): Watched;
  stop(): void;
}

const checkingMs = 1_000;

export function createWatch(keepalive: Keepalive, now: () => number = () => performance.now(), everyMs = checkingMs): Watch {
  const checks = new Set<(at: number) => void>();
  const timer = setInterval(() => {
    const at = now();
    for (const check of checks) check(at);
  }, everyMs).unref();
  return Object.freeze({
    watch(session: ServerHttp2Session) {
      const { check, ...watched } = watchOne(session, keepalive, now());
      checks.add(check);
      session.once('close', () => checks.delete(check));
      return { begin: () => watched.begin(now()), end: () => watched.end(now()) };
    },
    stop: () => clearInterval(timer),
  });
}

function watchOne(session: ServerHttp2Session, { maxIdle, maxAge, maxAgeGrace, time, timeout }: Keepalive, since: number) {
  let calls = 0;
  let usedAt = since;
  let askedAt: number | undefined;
  const exceeded = (limit: number, duration: number): boolean => limit > 0 && duration >= limit;
  return {
    begin(at: number) {
      calls += 1;
      usedAt = at;
    },
    end(at: number) {
      calls -= 1;
      usedAt = at;
    },
    check(at: number) {
      const idle = at - usedAt;
      if (exceeded(maxAge, at - since)) {
        if (maxAgeGrace > 0 && at - since >= maxAge + maxAgeGrace) session.destroy();
        else if (!session.closed) session.close();
      } else if (calls === 0 && exceeded(maxIdle, idle) && !session.closed) session.close();
      if (askedAt !== undefined && exceeded(timeout, at - askedAt)) session.destroy();
      else if (askedAt === undefined && exceeded(time, idle) && !session.closed) {
        askedAt = at;
        session.ping(() => {
          askedAt = undefined;
          usedAt = Math.max(usedAt, at);
        });
      }
    },
  };
}
