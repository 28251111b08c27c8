/** Expected texts are typed from Prometheus' documentation of rule files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Alert, ruleFile } from '../../../../src/tools/generate/index.ts';

const alert: Alert = {
  name: 'AppDown',
  expr: 'app_up\n< 1',
  for: '5m',
  severity: 'critical',
  summary: 'Down: {{ $labels.instance }}',
  description: 'For five minutes.',
  comment: 'EDIT: two\nlines.',
};

test('a rule file', () => {
  assert.equal(
    ruleFile({
      comment: 'What it is.',
      group: 'app',
      alerts: [alert, { name: 'B', expr: 'b', severity: 'info', summary: 's', description: 'd' }],
    }),
    `# What it is.

groups:
  - name: app
    rules:
      # EDIT: two
      # lines.
      - alert: AppDown
        expr: |-
          app_up
          < 1
        for: 5m
        labels:
          severity: critical
        annotations:
          summary: "Down: {{ $labels.instance }}"
          description: For five minutes.
      - alert: B
        expr: b
        labels:
          severity: info
        annotations:
          summary: s
          description: d
`,
  );
});
