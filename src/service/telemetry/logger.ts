/** What a component writes its lines to. */

export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

/** Shown as JSON behind the message. */
export type Fields = Readonly<Record<string, string | number | boolean>>;

/** One line a call. A message may have several lines, where a component's text is lines. */
export interface Logger {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}
