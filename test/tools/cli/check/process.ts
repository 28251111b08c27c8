/** `meterbridge check`, in this process and as one of its own, and servers for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { command } from '../run-command.ts';
import { runHere } from '../run-here.ts';

export async function check(...args: readonly string[]) {
  const { status, ...said } = await runHere(['check', ...args]);
  return { code: status, ...said };
}

export async function checkProcess(...args: readonly string[]) {
  const child = spawn(process.execPath, [...command, 'check', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, stdout, stderr };
}

/** The port, on loopback. */
export async function serve(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export async function url(t: TestContext, listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await serve(t, createServer(listener))}/metrics`;
}
