/** Flags for opening what a setting names, whatever stands at the path. */
import { constants } from 'node:fs';

/** The open of a pipe waits for nobody at its other end, and that of a terminal takes none. Windows has neither flag. */
export const withoutWaiting: number = (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
