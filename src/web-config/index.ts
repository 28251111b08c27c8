export { openWebFront, type WebFront } from './web-config-server.ts';
