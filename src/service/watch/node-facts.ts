/** What is known of a node while it exists, beside what its configuration says. */
import type { Context } from '../component.ts';
import type { Fields, Logger } from '../telemetry/logger.ts';

export interface NodeFacts {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** It has started. */
  works: boolean;
  readonly listens: string[];
  /** Its newest warnings. */
  readonly warnings: string[];
  lastError: { readonly at: number; readonly text: string } | undefined;
}

const mostWarnings = 200;
/** A message beyond this length is cut. */
const longest = 500;

export function createNodeFacts(since: number): NodeFacts {
  return { since, works: false, listens: [], warnings: [], lastError: undefined };
}

/**
 * Notes errors and warnings of a component. Rejections are noted as these (`noting-refusals.ts`), not by their lines: the last
 * one is only a count.
 */
export function notingErrors(log: Logger, facts: NodeFacts, clock: () => number): Logger {
  const note = (message: string) => {
    facts.warnings.push(cut(message));
    if (facts.warnings.length > mostWarnings) facts.warnings.shift();
    facts.lastError = { at: clock(), text: cut(message) };
  };
  return Object.freeze({
    ...log,
    warn(message: string, fields?: Fields) {
      note(message);
      log.warn(message, fields);
    },
    error(message: string, fields?: Fields) {
      note(message);
      log.error(message, fields);
    },
  });
}

export function notingAddresses(listening: Context['listening'], facts: NodeFacts): Context['listening'] {
  return (where) => {
    facts.listens.push(where);
    listening(where);
  };
}

export function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
