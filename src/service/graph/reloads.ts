/** Reloads of the configuration, one behind the other. */
import { problemText } from '../../core/errors/error.ts';
import type { Factory, Reloaded } from '../component.ts';
import type { CheckedConfig, ReadConfig } from '../config/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ReloadLog } from '../watch/reload-log.ts';

export interface ReloadsOptions {
  readonly log: Logger;
  /** Reads the configuration again. Undefined: the service ends. */
  reread(): ReadConfig<Factory> | undefined;
  /** Changes to it, and returns what has changed. Rejects where a component does not start. */
  change(to: CheckedConfig<Factory>): Promise<readonly string[]>;
  readonly noted: Pick<ReloadLog, 'wrong' | 'failed'>;
  /** Called when a reload begins, and when it has ended. */
  readonly onReload: ((phase: 'begins' | 'ended') => void) | undefined;
}

export interface Reloads {
  /** Never rejects. */
  reload(): Promise<Reloaded>;
  /** Resolves when none is under way. */
  idle(): Promise<unknown>;
}

export function createReloads({ log, reread, change, onReload, noted }: ReloadsOptions): Reloads {
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Reloaded> {
    const found = reread();
    if (found === undefined) return { outcome: 'failed', lines: ['the service is shutting down'] };
    for (const warning of found.warnings) log.warn(warning);
    if (!found.ok) {
      noted.wrong(found.problems);
      return { outcome: 'wrong', lines: found.problems.map(problemText) };
    }
    try {
      return { outcome: 'done', lines: await change(found.config) };
    } catch (error) {
      noted.failed(error);
      return { outcome: 'failed', lines: (error instanceof Error ? error.message : String(error)).split('\n') };
    }
  }

  async function reloadNow(): Promise<Reloaded> {
    onReload?.('begins');
    log.info('Reloading the configuration...');
    const reloaded = await read();
    if (reloaded.outcome === 'done') log.info(`The new configuration works. ${reloaded.lines.join('; ')}`);
    else
      log.error(`The configuration stays as it was: the new one ${reloaded.outcome === 'wrong' ? 'is wrong' : 'does not start'}`);
    if (reloaded.outcome !== 'done') for (const line of reloaded.lines) log.error(line);
    onReload?.('ended');
    return reloaded;
  }

  return Object.freeze({
    reload() {
      const reloaded = last.then(reloadNow);
      last = reloaded;
      return reloaded;
    },
    idle: () => last,
  });
}
