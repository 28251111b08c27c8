import { MeterbridgeError } from '../../../../core/errors/error.ts';
import { exitCodes, type Streams } from '../../command.ts';

/** Whatever the error was, nothing has been looked at: a message and exit code 2. */
export async function lookedAt(stderr: Streams['stderr'], look: () => Promise<number>): Promise<number> {
  try {
    return await look();
  } catch (error) {
    if (!MeterbridgeError.is(error)) throw error;
    stderr.write(`meterbridge: ${error.message}\n`);
    return exitCodes.usage;
  }
}
