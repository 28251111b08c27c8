/** A receiver whose requests need no socket: the intake of `otlp`, by its id. */
import { section } from '../../../../src/core/config/schema/index.ts';
import type { Factory, ReceiverFactory } from '../../../../src/service/component.ts';
import { createIntake } from '../../../../src/service/receivers/otlp/intake.ts';
import type { Outcome } from '../../../../src/service/receivers/otlp/outcome.ts';
import { createTurns, type Turns } from '../../../../src/service/receivers/otlp/turns.ts';

export interface PlayedReceiver {
  /** Of the type `played`. */
  readonly factory: Factory;
  /** Hands over a request from memory that is used again at once, as a receiver's is. */
  send(id: string, request: Uint8Array): Outcome | Promise<Outcome>;
}

/** Each request is read at once. */
const turns: Turns = { ...createTurns(), takes: () => true };

export function playedReceiver(): PlayedReceiver {
  const intakes = new Map<string, ReturnType<typeof createIntake>>();
  const factory: ReceiverFactory<unknown> = {
    kind: 'receiver',
    type: 'played',
    schema: section({}),
    create(_, context) {
      intakes.set(context.id, createIntake(context, 'http', turns));
      return { async start() {}, async shutdown() {} };
    },
  };
  return {
    factory,
    send(id, request) {
      const bytes = Buffer.from(request);
      const outcome = intakes.get(id)?.(bytes, 'protobuf', { connection: bytes, isGone: () => false });
      const again = () => void bytes.fill(0xff);
      if (outcome instanceof Promise) outcome.finally(again);
      else again();
      if (outcome === undefined) throw new Error(`there is no receiver ${id}`);
      return outcome;
    },
  };
}
