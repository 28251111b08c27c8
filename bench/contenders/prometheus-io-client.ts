/** `@prometheus-io/client` 0.16, prom-client's successor. */
import client from '@prometheus-io/client';
import { type Client, registryContender } from './registry-contender.ts';

export const contender = registryContender(client as unknown as Client);
