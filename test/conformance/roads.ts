/** The ways from a daemon to a Collector, and what a Collector shows of each. */
import type { BridgeOptions } from '../../src/library/bridge/options.ts';
// Loaded ahead of the first push: a flush has 5 s, and a slow machine would spend them on loading.
import '../../src/library/push/own-pusher.ts';
import '../../src/library/push/sdk/sdk-pusher.ts';
import { sdkEngine } from '../../src/sdk.ts';

export interface Road {
  readonly name: string;
  readonly engine?: BridgeOptions['engine'];
  /** Beside the endpoint. */
  readonly push?: Exclude<BridgeOptions['push'], false>;
  /** What a summary is on the wire. */
  readonly summary: 'Summary' | 'Histogram';
  /** NaN and the infinities arrive. */
  readonly nonFinite: boolean;
  /**
   * A series that went away is sent once more, as a point without a value; otherwise a receiver has to wait for
   * `metric_expiration`.
   */
  readonly marksGone: boolean;
}

const own = { summary: 'Summary', nonFinite: true, marksGone: true } as const;

export const ownRoad: Road = { ...own, name: 'store engine, own exporter, protobuf' };

export const roads: readonly Road[] = [
  ownRoad,
  { ...own, name: 'store engine, own exporter, JSON', push: { protocol: 'http/json' } },
  {
    name: 'SDK engine, stock exporter, JSON',
    engine: sdkEngine(),
    summary: 'Histogram',
    nonFinite: false,
    marksGone: false,
  },
];

/** So that nothing is pushed but what a test flushes, however long that takes. */
const neverMs = 86_400_000;

/** The options of a bridge that takes the road. */
export function bridgeOptions({ engine, push }: Road, endpoint: string | undefined): Pick<BridgeOptions, 'engine' | 'push'> {
  return {
    push: endpoint === undefined ? false : { ...push, endpoint, intervalMs: neverMs, timeoutMs: neverMs },
    ...(engine === undefined ? {} : { engine }),
  };
}
