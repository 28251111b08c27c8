export { openWebConfigServer, type WebConfigServer } from './web-config-server.ts';
