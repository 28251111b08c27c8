/** The page as the server gives it: HTML with every fact, and what makes it live in a browser. */
export { assetOf } from './assets.ts';
export { renderPage } from './render-page.ts';
