/** prom-client 15. */
import client from 'prom-client';
import { type Client, registryContender } from './registry-contender.ts';

export const contender = registryContender(client as unknown as Client);
