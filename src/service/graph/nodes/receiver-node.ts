import type { ReceiverFactory, Transport } from '../../component.ts';
import type { CheckedComponent } from '../../config/index.ts';
import type { ServiceTally } from '../../telemetry/tally.ts';
import { make } from './make.ts';
import type { NodeParts } from './node.ts';
import { givenOf, type NodeOptions, partsOf } from './parts.ts';

export function receiverNode(checked: CheckedComponent<ReceiverFactory>, options: NodeOptions): NodeParts {
  const { id, factory, settings } = checked;
  return {
    ...partsOf('receiver', checked),
    make(next) {
      const { given: context, facts, gone } = givenOf('receiver', id, options);
      const takes = { ...context, next, ...countsOf(id, options.tally) };
      return { component: make(factory, context, () => factory.create(settings, takes)), facts, gone };
    },
  };
}

function countsOf(id: string, tally: ServiceTally) {
  return {
    accepted(transport: Transport, points: number) {
      tally.receiver(id, transport).accepted += points;
    },
    refused(transport: Transport, points: number) {
      tally.receiver(id, transport).refused += points;
    },
    failed(transport: Transport, points: number) {
      tally.receiver(id, transport).failed += points;
    },
  };
}
