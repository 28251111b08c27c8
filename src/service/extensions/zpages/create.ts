/** The extension `zpages`: a page of what flows through the service. */
import { listenAt, type Opened } from '../../../net/listen/listen-at.ts';
import { createStatusSite, type Site } from '../../../status/site/site.ts';
import type { StatusSource } from '../../../status/status-source.ts';
import type { Extension, ExtensionContext } from '../../component.ts';
import { createFront } from '../../guard/front.ts';
import type { ZpagesSettings } from './config.ts';

/** What this extension gets beside what every one does. */
export interface ZpagesContext extends ExtensionContext {
  readonly status: StatusSource;
}

export function createZpages(settings: ZpagesSettings, context: ZpagesContext): Extension {
  let listener: Opened | undefined;
  let site: Site | undefined;

  return Object.freeze({
    async start() {
      const at = `extensions.${context.id}`;
      const front = createFront(settings, at, context);
      const { allowedHosts } = context.limits;
      site = createStatusSite({
        source: context.status,
        page: () => import('../../../status/page/index.ts'),
        otherOrigins: settings.cors !== undefined,
      });
      listener = await listenAt(site.handler, settings.endpoint, {
        at: `${at}.endpoint`,
        front,
        allowedHosts,
        refusal: context.refusal,
      });
      context.listening(`${listener.origin}/`);
    },
    async shutdown() {
      site?.close();
      await listener?.close();
    },
  });
}
