const { bridge, sell } = require('./shop.js');

test('a sale counts', async () => {
  sell();
  const [sold] = await bridge.gather();
  expect(sold.samples[0].value).toBe(1);
});
