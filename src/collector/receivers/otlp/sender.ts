/** Who sends: one connection, since nothing else tells senders behind one address apart. */
export interface Sender {
  /** The connection; over HTTP/2 the session, which carries several requests at a time. */
  readonly connection: object;
  /** It has left, or has its answer: nothing more is done for this request. */
  isGone(): boolean;
}
