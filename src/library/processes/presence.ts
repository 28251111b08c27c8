/**
 * A process as the others see it: it responds at its socket, and keeps what it needs in the directory, even if files are removed
 * there.
 */
import type { Member } from './member.ts';
import { type Answering, answerAt } from './socket.ts';

export interface Presence {
  /** From now on it responds, and writes its record each second. Rejects with the error of the file system. */
  begin(): Promise<void>;
  /** Writes the record a last time, and responds until that is done. */
  end(): Promise<void>;
}

const writeEveryMs = 1_000;

/** `remains`: whether the process is still among the others. `once` logs a line for each key once. */
export function createPresence(
  member: Member,
  remains: () => boolean,
  answer: (known: number) => Promise<Buffer>,
  once: (key: string, line: string) => void,
): Presence {
  const { id, files } = member;
  let answering: Answering | undefined;
  let listening: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    const path = files.socket(id);
    if (answering === undefined) answering = await answerAt(path, answer);
    else await answering.move(path);
  }

  function keep(): void {
    if (!remains()) return;
    member.write();
    if (listening !== undefined || member.keep()) return;
    listening = listen()
      .catch((error: unknown) =>
        once('listen', `processes: others cannot ask this process (${String(error)}). Fix: make room for its socket`),
      )
      .finally(() => {
        listening = undefined;
      });
  }

  return Object.freeze<Presence>({
    async begin() {
      await listen().catch(() => {
        // The directory may have gone since it was opened.
        files.reopen();
        return listen();
      });
      timer = setInterval(keep, writeEveryMs).unref();
    },
    async end() {
      clearInterval(timer);
      member.leave();
      await listening;
      await answering?.close();
    },
  });
}
