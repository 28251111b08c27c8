const { contract, counter, meterbridge } = require('meterbridge');

const shop = contract('shop', { sold: counter({ help: 'Sold.' }) });
const bridge = meterbridge(shop, { push: false });
exports.bridge = bridge;
exports.sell = () => bridge.metrics.sold.inc();
