import type { Extension, ExtensionFactory } from '../../component.ts';
import type { CheckedComponent } from '../../config/index.ts';
import { make } from './make.ts';
import type { NodeParts } from './node.ts';
import { givenOf, type NodeOptions, partsOf } from './parts.ts';

export function extensionNode(checked: CheckedComponent<ExtensionFactory>, options: NodeOptions): NodeParts {
  const { id, factory, settings } = checked;
  return {
    ...partsOf('extension', checked),
    make() {
      const { given: context, facts, gone } = givenOf('extension', id, options);
      const takes = { ...context, reload: options.reload, status: options.status };
      const component = make(factory, context, () => factory.create(settings, takes));
      return { component, facts, ...atWork(id, component, gone, options) };
    },
  };
}

/** Lets others find an extension: from its start where there is no former one, else once it replaces that one. */
function atWork(id: string, component: Extension, gone: () => void, { extensions }: NodeOptions) {
  const inUse = () => void extensions.set(id, component);
  if (!extensions.has(id)) inUse();
  return {
    inUse,
    gone() {
      if (extensions.get(id) === component) extensions.delete(id);
      gone();
    },
  };
}
