/** Receives OTLP for a while, without a configuration: for commands that look at what a program sends. */
import type { Tree } from '../core/config/tree.ts';
import { MeterbridgeError, type Problem } from '../core/errors/error.ts';
import type { Batch } from '../formats/otlp/batch/batch.ts';
import type { ReceiverContext } from './component.ts';
import { defaultLimits } from './limits.ts';
import { createMemoryBudget } from './memory/budget.ts';
import { otlpSchema } from './receivers/otlp/config.ts';
import { createOtlpReceiver } from './receivers/otlp/create.ts';

export interface ReceiveOptions {
  /** `HOST:PORT` for HTTP, protobuf and JSON; port 0 is a free one. Undefined: not at all. */
  readonly http: string | undefined;
  /** `HOST:PORT` for gRPC. Undefined: not at all. */
  readonly grpc: string | undefined;
  readonly seconds: number;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
  /** A batch is the caller's until this returns. */
  readonly take: (batch: Batch) => void;
  /** Called for each address once it accepts, e.g. `http://127.0.0.1:4318/v1/metrics`. */
  readonly listening: (where: string) => void;
  /** A request that was rejected, or anything else that is worth a line. */
  readonly warn: (line: string) => void;
}

/**
 * Resolves when the time is over and requests under way have ended.
 * @throws MeterbridgeError COLLECTOR_CONFIG_INVALID for what is no address; or why an address cannot be taken
 */
export async function receiveFor({ http, grpc, seconds, signal, take, listening, warn }: ReceiveOptions): Promise<void> {
  const failed = Promise.withResolvers<never>();
  const ignore = () => {};
  const context: ReceiverContext = {
    id: 'otlp',
    log: { debug: ignore, info: ignore, warn, error: warn },
    refusal: (_kind, message) => warn(message),
    listening,
    fail: failed.reject,
    clock: Date.now,
    limits: defaultLimits,
    memory: createMemoryBudget(defaultLimits.maxMemory),
    accepted: ignore,
    refused: ignore,
    failed: ignore,
    next(batch) {
      take(batch);
      return undefined;
    },
  };
  const receiver = createOtlpReceiver(settingsOf({ http, grpc }), context);
  try {
    await receiver.start();
    await Promise.race([over(seconds, signal), failed.promise]);
  } finally {
    await receiver.shutdown();
  }
}

function over(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const timer = setTimeout(resolve, seconds * 1_000);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function settingsOf(addresses: Readonly<Record<'http' | 'grpc', string | undefined>>) {
  const given = Object.entries(addresses).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const protocols = given.map(
    ([protocol, address]) => [protocol, section(protocol, [['endpoint', scalar(protocol, address)]])] as const,
  );
  const problems: Problem[] = [];
  const tree = section('listener', [['protocols', section('listener', protocols)]]);
  const settings = otlpSchema.read({ tree, keys: '' }, { problems, warnings: [] });
  if (typeof settings === 'symbol' || problems.length > 0) throw new MeterbridgeError('COLLECTOR_CONFIG_INVALID', problems);
  return settings;
}

function section(at: string, entries: readonly (readonly [string, Tree])[]): Tree {
  return { kind: 'section', at, entries: new Map(entries.map(([key, value]) => [key, { at, value }])) };
}

function scalar(at: string, value: string): Tree {
  return { kind: 'scalar', at, value, text: value, alsoText: true };
}
