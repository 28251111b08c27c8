import type { SubscriberConfig } from './config.ts';
import type { Subscriber } from './events.ts';
import { runCommand } from './run-command.ts';

/** Subscribers that are commands: each event is a line of JSON on the standard input of a process of its own, which has to exit with 0. */
export function commandSubscribers(
  configs: readonly SubscriberConfig[],
  folder: string,
  log: (line: string) => void,
): readonly Subscriber[] {
  return configs.map(({ name, command, queue }) => ({
    name,
    queue,
    async handle(event, signal) {
      const input = `${JSON.stringify(event)}\n`;
      const { code, how } = await runCommand(command, { folder, signal, input, line: (text) => log(`${name} | ${text}`) });
      if (code !== 0) throw new Error(how);
    },
  }));
}
