/**
 * What a program pushes in a while, for `check` and `infer`. The receiver is the service's; what becomes of its batches is
 * `check`'s, which knows no service.
 */
import { createOtlpObserver, type OtlpRead } from '../check/lines/observe.ts';

export interface ListenForOtlpOptions {
  /** How long, above 0. */
  readonly seconds: number;
  /** `HOST:PORT` for HTTP, protobuf and JSON. Default: 127.0.0.1:4318. */
  readonly http?: string | undefined;
  /** `HOST:PORT` for gRPC. Default: 127.0.0.1:4317. */
  readonly grpc?: string | undefined;
  /** Ends it early; what has come counts. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each address once it accepts. */
  readonly listening?: (where: string) => void;
  /** A request that was rejected. */
  readonly warn?: (line: string) => void;
}

/**
 * Resolves with what came.
 * @throws MeterbridgeError for an address that is none, or that cannot be taken
 */
export async function listenForOtlp(options: ListenForOtlpOptions): Promise<OtlpRead> {
  const { seconds, http = '127.0.0.1:4318', grpc = '127.0.0.1:4317', signal, listening = () => {}, warn = () => {} } = options;
  const { receiveFor } = await import('../../service/receive-for.ts');
  const observer = createOtlpObserver('OTLP');
  let bytes = 0;
  await receiveFor({
    http,
    grpc,
    seconds,
    signal,
    listening,
    warn,
    take(batch) {
      bytes += batch.bytes.length;
      observer.take(batch);
    },
  });
  return observer.end(bytes);
}
