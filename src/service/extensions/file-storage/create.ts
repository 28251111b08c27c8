/** A directory in which components keep what they have accepted and not delivered. */
import { stat } from 'node:fs/promises';
import { MeterbridgeError } from '../../../core/errors/error.ts';
import type { Extension, ExtensionContext } from '../../component.ts';
import { type Directory, openDirectory } from '../../storage/directory.ts';
import { makeSyncedDirectory } from '../../storage/synced-directory.ts';
import type { FileStorageSettings } from './config.ts';

/** A segment without records. */
const emptyBytes = 48;

export function createFileStorage(settings: FileStorageSettings, { id, log }: ExtensionContext): Extension {
  const {
    directory,
    timeout,
    max_size: maxBytes,
    fsync,
    create_directory: creates,
    directory_permissions: permissions,
  } = settings;
  let opened: Directory | undefined;

  function refused(rule: string, fix: string): MeterbridgeError {
    return new MeterbridgeError('COLLECTOR_CONFIG_INVALID', [
      { at: `extensions.${id}.directory`, got: JSON.stringify(directory), rule, fix },
    ]);
  }

  async function make(): Promise<void> {
    try {
      await makeSyncedDirectory(directory, Number.parseInt(permissions, 8));
    } catch (error) {
      throw refused(`it is a directory that can be made (${String(error)})`, 'make it, or write another path');
    }
  }

  async function ensureDirectory(): Promise<void> {
    if (creates) await make();
    const found = await stat(directory).catch((error: unknown) => {
      throw refused(`it is a directory that exists (${String(error)})`, 'make it, or write create_directory: true');
    });
    if (!found.isDirectory()) throw refused('it is a directory', 'write the path of a directory');
  }

  /** A component that has left the file, or has another name now. */
  async function nameUnused(): Promise<void> {
    for (const [name, bytes] of (await opened?.unused()) ?? [])
      if (bytes > emptyBytes)
        log.warn(
          `${directory} has ${bytes} bytes of ${name}, which no component uses: they stay, and are sent once there is one of that id`,
        );
  }

  return Object.freeze({
    async start() {
      await ensureDirectory();
      opened = await openDirectory({
        directory,
        fsync,
        maxBytes,
        waitMs: timeout,
        warn: (message, facts) => log.warn(message, facts as Readonly<Record<string, string | number>> | undefined),
      });
    },
    ready() {
      // Nothing depends on it.
      void nameUnused().catch(() => {});
    },
    async shutdown() {
      await opened?.close();
    },
    storage: {
      async open(component: string) {
        if (opened === undefined) throw new Error(`the extension ${id} has not started`);
        return opened.open(component);
      },
    },
  });
}
