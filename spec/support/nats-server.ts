import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Without the program (spec/debian-packages.txt) what needs a server is skipped, and `npm test` says so. */
export const hasNatsServer = spawnSync('nats-server', ['--version']).status === 0;

/** A server on a port of its own, with a folder of its own. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** `kill -9`: nothing is written any more. */
  kill(): Promise<void>;
  /** Starts again on the same port, with what the folder has. */
  start(): Promise<void>;
  /** Copies what is on the disk now. */
  save(): void;
  /** Puts back what was saved, while the server is down: what came since is lost, as in a power cut. */
  rollBack(): void;
}

/** @param config - lines of its configuration file, beside JetStream and its folder */
export async function startNatsServer(config = '', isJetStream = true): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rx-candles-nats-'));
  const [data, saved, file] = ['data', 'saved', 'nats.conf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const port = await freePort();
  const lines = [
    `listen: 127.0.0.1:${port}`,
    isJetStream ? `jetstream { store_dir: ${JSON.stringify(data)} }` : '',
    config,
  ];
  writeFileSync(file, lines.join('\n'));
  let server = await started(file);
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    get pid() {
      return server.pid ?? 0;
    },
    kill,
    start: async () => {
      server = await started(file);
    },
    save: () => {
      rmSync(saved, { recursive: true, force: true });
      cpSync(data, saved, { recursive: true });
    },
    rollBack: () => {
      rmSync(data, { recursive: true, force: true });
      cpSync(saved, data, { recursive: true });
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function started(file: string): Promise<ChildProcess> {
  const server = spawn('nats-server', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (text: Buffer) => {
      said += String(text);
      if (said.includes('Server is ready')) resolve();
    });
    server.once('exit', () => {
      reject(new Error(`nats-server ended: ${said}`));
    });
  });
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
