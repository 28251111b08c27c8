export { type SharedScrape, shareScrape } from './shared-renderer.ts';
