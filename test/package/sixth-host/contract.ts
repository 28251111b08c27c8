/** A mail queue's metrics. */
import { contract, counter, gauge, histogram, info, oneOf } from 'meterbridge';

export const mailqueue = contract('mailqueue', {
  messages: counter({ unit: '{message}', help: 'Messages that left the queue.', labels: { outcome: oneOf('delivered', 'bounced') } }),
  deliveryDuration: histogram({ unit: 's', help: 'Time of a delivery.', bounds: [0.1, 1, 10] }),
  waiting: gauge({ observed: true, unit: '{message}', help: 'Messages that wait.' }),
  buildInfo: info({ help: 'The running daemon, always 1.', labels: { version: oneOf('1', '2', 'other') } }),
});

export default mailqueue;
