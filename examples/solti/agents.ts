/** The control plane's side of a discovery: which programs have announced themselves and are still there. */
import { isTable } from '../settings.ts';

export interface Agent {
  readonly id: string;
  readonly name: string;
  /** Where its API is. */
  readonly endpoint: string;
  /** When it was last heard of, as ISO 8601. */
  readonly at: string;
}

/** solti's `SyncResponse`, as JSON. */
export interface SyncAnswer {
  readonly success: boolean;
  readonly reason: string;
  /** Seconds until the next attempt may succeed; 0: none is advised. */
  readonly retryAfterS: number;
}

export type Agents = ReturnType<typeof createAgents>;

/** Heartbeats that may be missing before an agent's place is free again. */
const MISSED = 3;
const LONGEST_TEXT = 256;
/** A day. */
const LONGEST_INTERVAL_S = 86_400;

interface Place {
  readonly agent: Agent;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Keeps `most` agents at a time; the next one is asked to wait until a place may be free. */
export function createAgents(most: number) {
  const places = new Map<string, Place>();

  function leaveSilent(now: number): void {
    for (const [id, { until }] of places) if (until <= now) places.delete(id);
  }

  return Object.freeze({
    /** The answer to a program's heartbeat; undefined for a body that is none. */
    announced(body: unknown): SyncAnswer | undefined {
      const sync = readSync(body);
      if (sync === undefined) return undefined;
      const { intervalMs, ...agent } = sync;
      const now = Date.now();
      leaveSilent(now);
      if (places.size >= most && !places.has(agent.id)) {
        const free = Math.min(...[...places.values()].map(({ until }) => until));
        return { success: false, reason: `there are ${most} agents`, retryAfterS: Math.ceil((free - now) / 1_000) };
      }
      places.set(agent.id, { agent: { ...agent, at: new Date(now).toISOString() }, until: now + MISSED * intervalMs });
      return { success: true, reason: '', retryAfterS: 0 };
    },
    list(): readonly Agent[] {
      leaveSilent(Date.now());
      return [...places.values()].map(({ agent }) => agent);
    },
  });
}

function readSync(body: unknown) {
  if (!isTable(body)) return undefined;
  const { id, name, endpoint, heartbeatIntervalS } = body;
  if (!(isText(id) && isText(name) && isText(endpoint))) return undefined;
  const seconds = Number(heartbeatIntervalS);
  return Number.isInteger(seconds) && seconds > 0 && seconds <= LONGEST_INTERVAL_S
    ? { id, name, endpoint, intervalMs: seconds * 1_000 }
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT;
}
