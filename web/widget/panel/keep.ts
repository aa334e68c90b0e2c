import type { StorageLike } from '@macaw/client';

/** localStorage, or memory where a browser forbids it. Never throws. */
export function safeStorage(open: () => StorageLike): StorageLike {
  const memory = new Map<string, string>();
  let real: StorageLike | null = null;
  try {
    real = open();
    real.setItem('macaw:probe', '1');
    real.removeItem('macaw:probe');
  } catch {
    real = null;
  }
  return {
    getItem(key) {
      try {
        return memory.get(key) ?? real?.getItem(key) ?? null;
      } catch {
        return null;
      }
    },
    setItem(key, value) {
      try {
        if (!real) throw new Error('no storage');
        real.setItem(key, value);
        memory.delete(key);
      } catch {
        memory.set(key, value);
      }
    },
    removeItem(key) {
      memory.delete(key);
      try {
        real?.removeItem(key);
      } catch {
        // Memory is what counts then.
      }
    },
  };
}
