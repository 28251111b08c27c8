export { type Listener, type ListenOptions, listen } from './listen.ts';
export { type ListenAddress, parseListenAddress } from './listen-address.ts';
export { createScrape, type ScrapeEvent, type ScrapeOptions } from './scrape.ts';
