/** The sender: one connection, since nothing else distinguishes senders behind one address. */
export interface Sender {
  /** The connection; over HTTP/2 the session, which carries several requests at a time. */
  readonly connection: object;
  /** It has left, or has its response: nothing more is done for this request. */
  isGone(): boolean;
}
