export type { Listener, ListenOptions } from './listen.ts';
export type { ListenAddress } from './listen-address.ts';
export type { ThreadOptions } from './listener-thread.ts';
export { createScrape, type ScrapeEvent, type ScrapeOptions } from './scrape.ts';
