// pm2 start ecosystem.config.cjs; pm2 reload shop
module.exports = {
  apps: [
    {
      name: 'shop',
      script: './pm2.ts',
      exec_mode: 'cluster',
      instances: 2,
      wait_ready: true,
    },
  ],
};
