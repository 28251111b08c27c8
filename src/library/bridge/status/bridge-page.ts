/** The page of a bridge, as a listener has it. */
import type { Handler } from '../../../net/http/exchange.ts';

export interface BridgePage {
  /** The page, and all that it asks for. */
  readonly site: Handler;
  /** A scrape handler whose scrapes the page shows. */
  watching(scrape: Handler): Handler;
  /** The metrics' URL. */
  listens(url: string): void;
  close(): void;
}
