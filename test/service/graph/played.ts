/** Components that write down what happens to them, and whose settings say what they do. */
import { type Address, address, flag, optional, section, text } from '../../../src/core/config/schema/index.ts';
import type {
  Consume,
  ExporterFactory,
  Factory,
  ProcessorFactory,
  ReceiverFactory,
  Verdict,
} from '../../../src/service/component.ts';

export interface Played {
  readonly factories: readonly Factory[];
  release(): void;
  /** What has happened since the last call: `start exporter test/a`, `test/a takes 3`. */
  taken(): readonly string[];
  /** What the receiver of this id hands to its pipelines. */
  send(id: string, points: number): Verdict | Promise<Verdict>;
}

interface Settings {
  /** Settings that differ make another component. */
  readonly tag: string;
  readonly broken: boolean;
  /** It does not start until `release`. */
  readonly waits: boolean;
  /** It has points to hand over. */
  readonly holds: boolean;
  readonly endpoint: Address | undefined;
  readonly file: string | undefined;
}

const schema = section({
  tag: text({ default: '' }),
  broken: flag({ default: false }),
  waits: flag({ default: false }),
  holds: flag({ default: false }),
  endpoint: optional(address()),
  file: optional(text()),
});

export function played(): Played {
  const events: string[] = [];
  const receivers = new Map<string, Consume>();
  const released = Promise.withResolvers<void>();
  const parts = (name: string, { broken, waits }: Settings) => ({
    async start() {
      events.push(`start ${name}`);
      if (waits) await released.promise;
      if (broken) throw new Error('it is broken');
    },
    async shutdown() {
      events.push(`shutdown ${name}`);
    },
  });
  const listens = ({ endpoint }: Settings) => (endpoint === undefined ? [] : [{ key: 'endpoint', address: endpoint }]);
  const receiver: ReceiverFactory<Settings> = {
    kind: 'receiver',
    type: 'test',
    schema,
    listens,
    create(settings, { id, next }) {
      receivers.set(id, next);
      return parts(`receiver ${id}${settings.tag}`, settings);
    },
  };
  const processor: ProcessorFactory<Settings> = {
    kind: 'processor',
    type: 'test',
    schema,
    create: (settings, { id, next }) => ({
      ...parts(`processor ${id}${settings.tag}`, settings),
      consume(batch) {
        events.push(`${id}${settings.tag} passes ${batch.points}`);
        return next(batch);
      },
    }),
  };
  const exporter: ExporterFactory<Settings> = {
    kind: 'exporter',
    type: 'test',
    schema,
    listens,
    files: ({ file }) => (file === undefined ? [] : [file]),
    create: (settings, { id }) => ({
      ...parts(`exporter ${id}${settings.tag}`, settings),
      consume(batch) {
        events.push(`${id}${settings.tag} takes ${batch.points}`);
        return undefined;
      },
      ...(settings.holds && {
        async handOver() {
          events.push(`${id}${settings.tag} hands over`);
          return `what ${id}${settings.tag} had`;
        },
        takeOver(left: unknown) {
          events.push(`${id}${settings.tag} takes over ${left}`);
        },
      }),
    }),
  };
  return {
    factories: [receiver, processor, exporter],
    release: released.resolve,
    taken: () => events.splice(0),
    send: (id, points) => receivers.get(id)?.({ points, bytes: new Uint8Array(), index: new Int32Array() } as never),
  };
}
