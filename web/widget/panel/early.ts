import { type Pending, type StorageLike, uuidv7 } from '@macaw/client';

type Kept = { client_id: string; text: string };

const MOST = 20;

/** What a visitor wrote before the session was there. Survives a reload; its ids make it one message in any tab. */
export class Early {
  private items: Pending[] = [];

  constructor(
    private readonly storage: StorageLike,
    private readonly key: string,
    private readonly now: () => number = () => Date.now(),
  ) {
    try {
      const kept: unknown = JSON.parse(storage.getItem(key) ?? '[]');
      if (Array.isArray(kept)) for (const item of kept.filter(isKept)) this.push(item);
    } catch {
      // Not ours: begin anew.
    }
  }

  get size(): number {
    return this.items.length;
  }

  add(text: string): void {
    this.push({ client_id: uuidv7(this.now()), text });
    const kept: Kept[] = this.items.map(({ client_id, text }) => ({ client_id, text }));
    this.storage.setItem(this.key, JSON.stringify(kept));
  }

  /** As the messenger shows what is on its way. */
  pending(): readonly Pending[] {
    return this.items;
  }

  /** All of them in their order; none is left. */
  take(): readonly Pending[] {
    const { items } = this;
    this.items = [];
    this.storage.removeItem(this.key);
    return items;
  }

  private push({ client_id, text }: Kept): void {
    if (this.items.length >= MOST) return;
    this.items = [...this.items, { client_id, log: 'public', text, at: this.now(), status: 'sending' }];
  }
}

function isKept(value: unknown): value is Kept {
  const v = value as Partial<Kept> | null;
  return typeof v === 'object' && v !== null && typeof v.client_id === 'string' && typeof v.text === 'string';
}
