/** Makes a component. One of a plugin is held to its shape, and its errors carry its name. */
import { MeterbridgeError } from '../../../core/errors/error.ts';
import { shown } from '../../../core/errors/shown.ts';
import type { Context, Exporter, Extension, Factory } from '../../component.ts';
import { components } from '../../components.ts';
import { asOf } from '../component-context.ts';

export function make<C extends Extension>(factory: Factory, context: Context, create: () => C): C {
  return components.includes(factory) ? create() : made(`${factory.kind} ${context.id}`, factory, context, create);
}

function made<C extends Extension>(name: string, { kind }: Factory, context: Context, create: () => C): C {
  const component = named(`${name} cannot be made`, () => asOf(context, create));
  const needed = kind === 'exporter' || kind === 'processor' ? ['start', 'shutdown', 'consume'] : ['start', 'shutdown'];
  for (const method of needed) {
    const found = (component as Readonly<Record<string, unknown>> | undefined)?.[method];
    if (typeof found !== 'function')
      throw new Error(`${name} cannot be made: ${method} of what create returns is ${shown(found)}, not a function`);
  }
  const one = component as Extension & Partial<Exporter>;
  return {
    ...one,
    start: () => asOf(context, () => started(name, one)),
    shutdown: async () => one.shutdown(),
    ready: () => one.ready?.(),
    draining: () => one.draining?.(),
    consume: (batch: Parameters<Exporter['consume']>[0]) => one.consume?.(batch),
    leave: one.leave && (() => one.leave?.()),
    handOver: one.handOver && (() => one.handOver?.()),
    takeOver: one.takeOver && ((left: unknown) => one.takeOver?.(left)),
  } as unknown as C;
}

async function started(name: string, component: Extension): Promise<void> {
  try {
    await component.start();
  } catch (error) {
    throw withName(`${name} does not start`, error);
  }
}

function named<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw withName(what, error);
  }
}

function withName(what: string, error: unknown): Error {
  if (MeterbridgeError.is(error)) return error;
  return new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
