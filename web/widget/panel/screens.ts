import type { View } from '@macaw/client';

export type Screen = 'home' | 'chat';

// Who comes back within this time is in the middle of it; later the home offers to go on.
const FRESH_MS = 30 * 60 * 1000;

/** Where the panel opens. The view must hold what there is: a replay comes entry by entry, the oldest first. */
export function firstScreen(view: View, now: number): Screen {
  const last = view.public.entries.at(-1);
  return view.pending.length > 0 || (last && now - last.at < FRESH_MS) ? 'chat' : 'home';
}
