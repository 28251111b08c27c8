/** Exporters whose queue is in a directory. */
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Directory, openDirectory } from '../../../src/service/storage/directory.ts';
import { folderFor } from '../../folder-for.ts';
import { decodeMetrics } from '../../formats/otlp/decode-metrics.ts';
import type { Receiver } from '../exporters/otlp-http/receiver.ts';
import { type RigOptions, startExporter } from '../exporters/otlp-http/rig.ts';
import { bytesIn } from '../storage/log/bytes-in.ts';

export interface StoredRig {
  readonly directory: string;
  readonly warnings: readonly string[];
  readonly storage: Directory;
  /** An exporter in the place of `from`, or one that starts. */
  start(config: object, options?: RigOptions): ReturnType<typeof startExporter>;
  /** Of all its files. */
  bytes(): number;
}

export async function storedRig(
  t: TestContext,
  { directory = folderFor(t)(''), maxBytes = 0, fsync = false }: { directory?: string; maxBytes?: number; fsync?: boolean } = {},
): Promise<StoredRig> {
  const warnings: string[] = [];
  const opened: Directory = await openDirectory({ directory, fsync, maxBytes, waitMs: 0, warn: (line) => warnings.push(line) });
  t.after(opened.close);
  return {
    directory,
    warnings,
    storage: opened,
    start: (config, options) => startExporter(t, config, { storage: opened, ...options }),
    bytes: () => bytesIn(directory),
  };
}

/** `NAME TIME VALUE` of each point that a receiver has, in their order; times in seconds. */
export function pointsAt({ requests }: Pick<Receiver, 'requests'>): readonly string[] {
  return requests.flatMap(({ body, headers }) => pointsOf(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
}

function pointsOf(body: Uint8Array): readonly string[] {
  const { resourceMetrics } = decodeMetrics('application/x-protobuf', body);
  return resourceMetrics.flatMap(({ scopeMetrics }: { scopeMetrics: readonly Scope[] }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, sum }) =>
        sum.dataPoints.map(({ timeUnixNano, asInt }) => `${name} ${BigInt(timeUnixNano) / 1_000_000_000n} ${asInt}`),
      ),
    ),
  );
}

interface Point {
  readonly timeUnixNano: string;
  readonly asInt: string;
  readonly attributes?: readonly { readonly value: { readonly stringValue: string } }[];
}

interface Scope {
  readonly metrics: readonly {
    readonly name: string;
    readonly sum: { readonly dataPoints: readonly Point[] };
  }[];
}

/** Of the points of a request, by what `id` they have. */
export function valuesOf(body: Uint8Array): readonly { readonly name: string; readonly id: string; readonly value: number }[] {
  const { resourceMetrics } = decodeMetrics('application/x-protobuf', body);
  return resourceMetrics.flatMap(({ scopeMetrics }: { scopeMetrics: readonly Scope[] }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, sum }) =>
        sum.dataPoints.map(({ asInt, attributes }) => ({
          name,
          id: attributes?.[0]?.value.stringValue ?? '',
          value: Number(asInt),
        })),
      ),
    ),
  );
}
