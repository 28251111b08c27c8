/** An extension that a component names is there, starts, and offers what it is named for. Only components that start count. */
import type { Findings } from '../../../core/config/schema/index.ts';
import { nearest } from '../../../core/errors/nearest.ts';
import type { CheckedConfig, Described } from '../config.ts';

const offering: Readonly<Record<string, { readonly what: string; readonly fix: string }>> = {
  serverAuth: { what: 'checks credentials', fix: 'name a bearertokenauth, or a basicauth with htpasswd' },
  clientAuth: { what: 'has credentials to send', fix: 'name a bearertokenauth, or a basicauth with client_auth' },
  storage: { what: 'stores', fix: 'name a file_storage' },
};

/** @param defined ids below `extensions`; undefined: they could not be read */
export function checkNeeds<D extends Described>(
  { receivers, processors, exporters, extensions, service }: CheckedConfig<D>,
  defined: ReadonlySet<string> | undefined,
  { problems }: Findings,
): void {
  const used = new Set([
    ...service.extensions,
    ...service.pipelines.flatMap((one) => [...one.receivers, ...one.processors, ...one.exporters]),
  ]);
  const all = [receivers, processors, exporters, extensions].flatMap((of) => [...of.values()]);
  for (const { id, factory, settings } of all) {
    if (!used.has(id)) continue;
    for (const { extension, offer } of factory.needs?.(settings) ?? []) {
      const refuse = (rule: string, fix: string) =>
        problems.push({ at: extension.at, got: JSON.stringify(extension.id), rule, fix });
      const checked = extensions.get(extension.id);
      if (checked === undefined) {
        if (defined === undefined || defined.has(extension.id)) continue;
        const near = nearest(extension.id, defined);
        refuse(
          'there is no such extension below extensions',
          near === undefined ? 'define it below extensions' : `write ${near}`,
        );
      } else if (!service.extensions.includes(extension.id)) {
        refuse('service.extensions lists an extension that is used', `add ${extension.id} to service.extensions`);
      } else if (checked.factory.offers?.(checked.settings).includes(offer) !== true) {
        const { what, fix } = offering[offer] as (typeof offering)[string];
        refuse(`it is an extension that ${what}`, fix);
      }
    }
  }
}
