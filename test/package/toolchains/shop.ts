import { contract, counter, meterbridge, oneOf } from 'meterbridge';
import { bearer } from 'meterbridge/access';

const shop = contract('shop', { sold: counter({ help: 'Sold.', labels: { size: oneOf('s', 'l') } }) });
const bridge = meterbridge(shop, { push: false });
bridge.metrics.sold.add(1, { size: 's' });
// @ts-expect-error: a value that the contract does not name
bridge.metrics.sold.add(1, { size: 'xl' });
export const access = bearer;
