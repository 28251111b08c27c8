export { openWebFront, type WebFront } from './web-front.ts';
