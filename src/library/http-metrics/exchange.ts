/** One request and its response, as the names see it. */

/** Replaces a method that the names do not list. */
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
  /** 0: the connection closed before the head of the response left. */
  readonly status: number;
  /** The connection closed before the whole response left. */
  readonly aborted: boolean;
  /**
   * Node.js has reported that the response is finished, as hooks of frameworks see it: on HTTP/2 also where the client has left.
   */
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
  /** Instead of `ended`, for a request that is not counted after all. */
  dropped(method: string, scheme: Scheme): void;
}
