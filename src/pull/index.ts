export { type Listener, type ListenOptions, listen } from './listen.ts';
export type { ListenAddress } from './listen-address.ts';
export { createScrape, type ScrapeEvent, type ScrapeOptions } from './scrape.ts';
