import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service on this machine that speaks OpenAI's words: it says its pieces one after the other. */
export class FakeEngine {
  url = '';
  /** After so many pieces it says nothing more, and does not end either. */
  silentAfter = Number.POSITIVE_INFINITY;
  /** Answers that are being given. */
  open = 0;
  /** What it was sent: keys and questions. */
  readonly asked: { key: string; text: string }[] = [];
  private readonly server: Server = createServer((request, answer) => void this.take(request, answer));

  constructor(private readonly pieces: string[]) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  /** It is gone, in the middle of whatever it says. */
  async kill(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async take(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (request.url?.endsWith('/models')) {
      answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: [{ id: 'm' }] }));
      return;
    }
    let body = '';
    for await (const part of request) body += String(part);
    const { messages } = JSON.parse(body) as { messages: { content: string }[] };
    this.asked.push({ key: request.headers.authorization ?? '', text: messages.at(-1)?.content ?? '' });
    this.open++;
    answer.on('close', () => this.open--);
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of this.pieces.slice(0, this.silentAfter))
      answer.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    if (this.silentAfter < this.pieces.length) return;
    answer.write(`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\n`);
    answer.end('data: [DONE]\n\n');
  }
}
