import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const START_MS = 20_000;
const STOP_MS = 10_000;

function findBinary(): string {
  const wanted = process.env.MACAW_BINARY;
  if (wanted) return wanted;
  const built = ['release', 'debug'].map((kind) => join(import.meta.dirname, '..', 'target', kind, 'macaw'));
  const found = built.find((path) => existsSync(path));
  if (!found) throw new Error(`No Macaw found at ${built.join(' or ')}: build it or name it in MACAW_BINARY.`);
  return found;
}

export type Chat = { engine?: '' | 'knowledge'; ring?: string; answer_pace?: string };

/** The real server on a data folder of its own. It can be killed and come back on the same folder and port. */
export class Server {
  url = '';
  site = '';
  login = '';
  password = '';
  log = '';
  private readonly folder = mkdtempSync(join(tmpdir(), 'macaw-e2e-'));
  private child: ChildProcess | null = null;

  /** `chat` are keys of the section of that name; unless they name an engine, every visitor goes to the agents. */
  constructor(
    private readonly chat: Chat = {},
    private readonly signUp = false,
    /** More of its environment. */
    private readonly env: Record<string, string> = {},
  ) {}

  async start(): Promise<void> {
    const readyFile = join(this.folder, 'ready.json');
    rmSync(readyFile, { force: true });
    const listen = this.url ? new URL(this.url).host : '127.0.0.1:0';
    const child = spawn(
      findBinary(),
      ['serve', '--listen', listen, '--data', join(this.folder, 'data'), '--demo', '--ready-file', readyFile],
      { env: { ...process.env, MACAW__LIMITS__ENABLE: 'false', ...this.environment() }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (this.log += String(part)));
    let failure: Error | null = null;
    child.on('error', (error) => (failure = error));

    const end = Date.now() + START_MS;
    while (!existsSync(readyFile)) {
      if (failure || child.exitCode !== null || Date.now() > end) {
        throw new Error(`Macaw did not start: ${failure ?? `exit code ${child.exitCode}`}\n${this.log}`);
      }
      await pause(20);
    }
    const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as Partial<Server>;
    this.url = ready.url ?? '';
    this.site = ready.site ?? '';
    // Told on the first start only.
    this.login = ready.login ?? this.login;
    this.password = ready.password ?? this.password;
    while (!(await this.isUp())) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`Macaw does not answer\n${this.log}`);
      await pause(20);
    }
  }

  /** `macaw admin …` beside the running server, as whoever owns the data folder; its answer. */
  async admin<T>(...args: string[]): Promise<T> {
    const all = ['admin', ...args, '--data', join(this.folder, 'data'), '--json'];
    const { stdout } = await promisify(execFile)(findBinary(), all);
    return JSON.parse(stdout) as T;
  }

  /** As a power cut would: no goodbye, nothing flushed. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private environment(): Record<string, string> {
    const keys = Object.entries({ engine: '', ...this.chat });
    const chat = Object.fromEntries(keys.map(([key, value]) => [`MACAW__CHAT__${key.toUpperCase()}`, value]));
    return { ...chat, MACAW__ACCOUNTS__SIGN_UP: String(this.signUp), ...this.env };
  }

  private async isUp(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const last = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(last);
  }
}
