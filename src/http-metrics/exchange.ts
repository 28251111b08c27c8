/** One request and its answer, as the names see it. */

/** What stands for a method that names do not know. */
export const otherMethod = '_OTHER';
export type Scheme = 'http' | 'https';
export type OwnValues = Readonly<Record<string, string | number | boolean>>;

export interface Ended {
  readonly method: string;
  readonly scheme: Scheme;
  /** `1.1`, `2`. */
  readonly version: string;
  /** The template; undefined: no route matched, or none is known. */
  readonly route: string | undefined;
  /** 0: the connection closed before the head of the answer left. */
  readonly status: number;
  /** The connection closed before the whole answer left. */
  readonly aborted: boolean;
  /** Node.js has said that the answer is finished, as hooks of frameworks see it: on HTTP/2 also where the client has left. */
  readonly finished: boolean;
  readonly seconds: number;
  /** In bytes; undefined: unknown. */
  readonly requestSize: number | undefined;
  readonly responseSize: number | undefined;
  /** Values of the user's own labels. */
  readonly own: OwnValues | undefined;
}

/** Records under one set of names. */
export interface Recording {
  /** The label's value; undefined: requests of this method are not counted. */
  methodOf(method: string | undefined): string | undefined;
  began(method: string, scheme: Scheme): void;
  ended(exchange: Ended): void;
  /** In place of `ended`, for a request that is not counted after all. */
  dropped(method: string, scheme: Scheme): void;
}
