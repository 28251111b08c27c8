/** Flags for opening what a setting names, whatever is at the path. */
import { constants } from 'node:fs';

/**
 * Opening a pipe does not wait for its other end, and opening a terminal does not make it the process's controlling terminal.
 * Windows has neither flag.
 */
export const withoutWaiting: number = (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
