const { of } = require('meterbridge/testing');
const { bridge, sell } = require('./shop.js');

const { value, reset } = of(bridge);
beforeEach(reset);

test('a sale counts, in a bridge that the module under test has made', async () => {
  sell();
  expect(await value('sold')).toBe(1);
});

test('each test begins anew', async () => {
  expect(await value('sold')).toBe(0);
});
