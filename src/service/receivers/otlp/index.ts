import type { ReceiverFactory } from '../../component.ts';
import { needsOf } from '../../guard/auth.ts';
import { type OtlpSettings, otlpSchema } from './config.ts';
import { createOtlpReceiver } from './create.ts';

/** Receives metrics over OTLP: HTTP (protobuf and JSON) and gRPC. */
export const otlpReceiver: ReceiverFactory<OtlpSettings> = Object.freeze({
  kind: 'receiver',
  type: 'otlp',
  schema: otlpSchema,
  create: createOtlpReceiver,
  listens: ({ protocols }: OtlpSettings) =>
    (['http', 'grpc'] as const).flatMap((name) => {
      const address = protocols[name]?.endpoint;
      return address === undefined ? [] : [{ key: `protocols.${name}.endpoint`, address }];
    }),
  needs: ({ protocols: { http, grpc } }: OtlpSettings) => needsOf(http?.auth, grpc?.auth),
});
