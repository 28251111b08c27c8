export type { ListenAddress } from '../listen/listen-address.ts';
export { scrapeDeadline } from './deadline.ts';
export type { Listener, ListenOptions } from './listen.ts';
export type { ThreadOptions } from './listener-thread.ts';
export { createScrape, type ScrapeEvent, type ScrapeOptions } from './scrape.ts';
