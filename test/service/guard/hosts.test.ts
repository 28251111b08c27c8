import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf } from '../../../src/service/guard/hosts.ts';
import { defaultLimits } from '../../../src/service/limits.ts';

test('the name in an endpoint is one of the names of its server alone, and those that are allowed are of every server', () => {
  const limits = { ...defaultLimits, allowedHosts: ['meterbridge'] };
  const [one, other] = ['One.example', 'other.example'].map((host) => hostsOf({ host, port: 4318 }, limits));
  assert.equal(one?.('one.example:4318'), undefined);
  assert.notEqual(other?.('one.example:4318'), undefined);
  for (const check of [one, other]) assert.equal(check?.('meterbridge'), undefined);
});

test('a server at a socket answers for every name', () => {
  assert.equal(hostsOf({ host: '', port: 0, path: '/run/x.sock' }, defaultLimits), undefined);
});
