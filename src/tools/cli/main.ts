#!/usr/bin/env node
/**
 * The `meterbridge` command. It imports nothing at first, so that on a Node.js that is too old it ends with a sentence instead of
 * a stack.
 */
await import('./command-line.ts').catch((error: unknown) => {
  process.stderr.write(`meterbridge: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

export {};
