/** Runs a task as a container, by whichever engine's command is there. */
import { findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { failure, type Runner } from './runner.ts';

const ENGINES = ['docker', 'podman'] as const;

let serial = 0;

export const runContainer: Runner = async ({ task, folder, signal, started, line }) => {
  const engine = ENGINES.flatMap((name) => findProgram(name, folder) ?? [])[0];
  if (engine === undefined) return failure('backend_config_failed', `none of ${ENGINES.join(', ')} is on PATH`);
  serial += 1;
  const name = `solti-${process.pid}-${serial}`;
  const ask = (...words: readonly string[]) => runCommand([engine, ...words], { folder, signal, line });
  try {
    // Created apart from its start: an engine that does not answer, or an image that is not available, is no failure of the task.
    const created = await ask('create', '--name', name, task.image, ...task.command);
    if (created.code !== 0) return failure('backend_config_failed', `${engine} create: ${created.how}`);
    started();
    const { code, how } = await ask('start', '--attach', name);
    return { succeeded: code === 0, how };
  } catch (error) {
    return failure('backend_config_failed', error);
  } finally {
    // Ends it, too, when only the engine's command has ended. A container that was never made needs no report.
    await runCommand([engine, 'rm', '--force', name], { folder, line: () => {} }).catch(() => {});
  }
};
