/**
 * gRPC's keep-alive for a server (`keepalive.server_parameters`): old and idle connections end in order, dead ones are found by a
 * ping.
 */
import type { ServerHttp2Session } from 'node:http2';

/** Milliseconds; 0: no limit. */
export interface Keepalive {
  /** A connection without a call for this long ends. */
  readonly maxIdle: number;
  /** A connection that is this old takes no new calls. */
  readonly maxAge: number;
  /** How long its last calls may take then. */
  readonly maxAgeGrace: number;
  /** A connection without a call for this long gets a ping. */
  readonly time: number;
  /** How long the response may take. */
  readonly timeout: number;
}

export function watchSession(
  session: ServerHttp2Session,
  { maxIdle, maxAge, maxAgeGrace, time, timeout }: Keepalive,
  since: number,
) {
  let calls = 0;
  let usedAt = since;
  let askedAt: number | undefined;
  const exceeded = (limit: number, duration: number): boolean => limit > 0 && duration >= limit;
  return {
    /** +1: a call begins; -1: it ends. */
    call(change: 1 | -1, at: number) {
      calls += change;
      usedAt = at;
    },
    check(at: number) {
      const [age, idle] = [at - since, calls === 0 ? at - usedAt : 0];
      if (askedAt !== undefined && exceeded(timeout, at - askedAt)) return session.destroy();
      if (exceeded(maxAge, age) && exceeded(maxAgeGrace, age - maxAge)) return session.destroy();
      if (session.closed) return;
      if (exceeded(maxAge, age) || exceeded(maxIdle, idle)) return session.close();
      if (askedAt !== undefined || !exceeded(time, at - usedAt)) return;
      askedAt = at;
      session.ping(() => {
        askedAt = undefined;
        usedAt = Math.max(usedAt, at);
      });
    },
  };
}
