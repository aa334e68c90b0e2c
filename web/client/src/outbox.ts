import type { StorageLike } from './env.ts';

/** A message that no ack has come for. It keeps its `client_id` for ever, so sending it again is safe. */
export type Unacked = {
  op: 'send' | 'note';
  conversation: string;
  client_id: string;
  text: string;
  file?: string;
  /** The seq of the message that it is about. */
  quotes?: number;
  at: number;
};

const MOST = 100;

/**
 * The unacknowledged messages, in the order they were written, kept in a storage that other tabs share.
 * Two tabs may send the same message: the server makes them one.
 */
export class Outbox {
  private items: Unacked[];

  constructor(
    private readonly storage: StorageLike | null,
    private readonly key: string,
  ) {
    this.items = this.stored();
  }

  list(conversation?: string): readonly Unacked[] {
    return conversation ? this.items.filter((i) => i.conversation === conversation) : this.items;
  }

  find(clientId: string): Unacked | undefined {
    return this.items.find((i) => i.client_id === clientId);
  }

  /** False when full: the message must not be shown as on its way. */
  add(item: Unacked): boolean {
    if (this.items.length >= MOST) return false;
    this.items = [...this.items, item];
    this.store((kept) => [...kept.filter((k) => k.client_id !== item.client_id), item].slice(-MOST));
    return true;
  }

  remove(clientId: string): void {
    if (!this.find(clientId)) return;
    this.items = this.items.filter((i) => i.client_id !== clientId);
    this.store((kept) => kept.filter((k) => k.client_id !== clientId));
  }

  // Reads before it writes: another tab may have added its own.
  private store(change: (kept: Unacked[]) => Unacked[]): void {
    try {
      const next = change(this.stored());
      if (next.length === 0) this.storage?.removeItem(this.key);
      else this.storage?.setItem(this.key, JSON.stringify(next));
    } catch {
      // Full or forbidden: memory still has it.
    }
  }

  private stored(): Unacked[] {
    try {
      const value: unknown = JSON.parse(this.storage?.getItem(this.key) ?? '[]');
      return Array.isArray(value) ? value.filter(isUnacked) : [];
    } catch {
      return [];
    }
  }
}

function isUnacked(value: unknown): value is Unacked {
  const v = value as Partial<Unacked> | null;
  return (
    typeof v === 'object' &&
    v !== null &&
    (v.op === 'send' || v.op === 'note') &&
    typeof v.conversation === 'string' &&
    typeof v.client_id === 'string' &&
    typeof v.text === 'string' &&
    typeof v.at === 'number'
  );
}
