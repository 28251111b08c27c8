/** Runs a task as a process, in a control group of its own where it has a limit. */
import { type Cgroup, openCgroup } from './cgroup.ts';
import { findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';
import { failure, type Runner } from './runner.ts';

/** Enters the group and becomes the command, so that no descendant escapes the limit. */
const ENTER = 'echo $$ > "$0" && exec "$@"';

export const runSubprocess: Runner = async ({ task, folder, signal, started, line }) => {
  const { command, pidsMax } = task;
  const [program = ''] = command;
  let cgroup: Cgroup | undefined;
  try {
    cgroup = pidsMax === undefined ? undefined : openCgroup(pidsMax);
  } catch (error) {
    return failure('cgroup_prepare_failed', error);
  }
  try {
    // The shell would start, whatever it is to become.
    if (cgroup !== undefined && findProgram(program, folder) === undefined) throw new Error(`${program} is no program`);
    const words = cgroup === undefined ? command : ['/bin/sh', '-c', ENTER, cgroup.procs, ...command];
    const { code, how } = await runCommand(words, { folder, signal, spawned: started, line });
    return { succeeded: code === 0, how };
  } catch (error) {
    return failure('spawn_failed', error);
  } finally {
    await cgroup?.remove();
  }
};
