import type { Env } from './env.ts';

/** What is read within this time says by that that it arrived. */
const JOIN_MS = 1000;

export type DeliveriesOptions = {
  env: Env;
  /** False when it could not be sent. */
  say: (conversation: string, seq: number) => boolean;
  /** Whether the server knows already, or is being told, that it arrived. */
  isKnown: (conversation: string, seq: number) => boolean;
};

/** Tells what reached this device and is not read yet: joined, one frame per conversation and second at most. */
export class Deliveries {
  private readonly waiting = new Map<string, number>();
  private readonly said = new Map<string, number>();
  private isDue = false;

  constructor(private readonly options: DeliveriesOptions) {}

  reached(conversation: string, seq: number): void {
    if (seq <= Math.max(this.said.get(conversation) ?? 0, this.waiting.get(conversation) ?? 0)) return;
    this.waiting.set(conversation, seq);
    this.later();
  }

  /** The connection is there again. */
  opened(): void {
    if (this.waiting.size > 0) this.later();
  }

  /** Positions of a store that was replaced mean nothing. */
  forget(conversation: string): void {
    this.waiting.delete(conversation);
    this.said.delete(conversation);
  }

  private later(): void {
    if (this.isDue) return;
    this.isDue = true;
    this.options.env.later(JOIN_MS, () => {
      this.isDue = false;
      for (const [conversation, seq] of [...this.waiting]) {
        if (!this.options.isKnown(conversation, seq) && !this.options.say(conversation, seq)) continue;
        this.waiting.delete(conversation);
        this.said.set(conversation, seq);
      }
    });
  }
}
