import {
  type ConversationPage,
  type InboxView,
  type Link,
  Live,
  type ServerFrame,
  type Summary,
} from '@macaw/client';
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import {
  asQuery,
  byWaiting,
  type Counts,
  type Filter,
  isIn,
  isNewer,
  matches,
  offeredTo,
  passes,
  recount,
  sameCounts,
  Tally,
} from '../logic/inbox.ts';
import { now } from './now.ts';
import { agentId, http, me, welcomedAs } from './session.ts';

const known = shallowReactive(new Map<string, Summary>());
const typingUntil = shallowReactive(new Map<string, number>());
const cursors = new Map<InboxView, ConversationPage['next']>();
export const link = shallowRef<Link>({ at: 'idle' });
export const counts = ref<Counts>({ mine: 0, queue: 0, bot: 0, all: 0 });
export const view = ref<InboxView>('mine');
export const words = ref('');
/** Of this site, with this tag alone; empty for all. */
export const filter = ref<Filter>({ site: '', tag: '' });
export const phase = ref<'loading' | 'ready' | 'error'>('loading');
export const hasMore = ref(false);
let live: Live | null = null;
const tally = new Tally();
let refetch = 0;
let loads = 0;

export const listed = computed(() =>
  [...known.values()]
    .filter((s) => isIn(view.value, s, agentId.value) && passes(s, filter.value) && matches(s, words.value))
    .sort(byWaiting),
);
export const everything = computed(() => [...known.values()].sort(byWaiting));
export const offers = computed(() =>
  everything.value.filter(
    (s) => offeredTo(s.offered) === agentId.value && (s.offered?.until ?? 0) > now.value,
  ),
);
export const isTyping = (id: string) => (typingUntil.get(id) ?? 0) > now.value;
export const summaryOf = (id: string) => known.get(id);

/** The one connection of this page; opened at first use. */
export function useLive(): Live {
  if (live) return live;
  live = new Live({
    me: 'agent',
    url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/socket`,
    protocols: () => ['macaw.v1'],
    renew: async () => {
      try {
        await http.get('/api/v1/me');
        return true;
      } catch (error) {
        if (
          error instanceof Error &&
          'problem' in error &&
          (error.problem as { status: number }).status === 401
        ) {
          return false;
        }
        throw error;
      }
    },
    fetchEntries: (id, log, after, limit) =>
      http.get(`/api/v1/conversations/${id}/entries?log=${log}&after=${after}&limit=${limit}`),
    storage: localStorage,
    storageKey: `macaw:outbox:${me.value?.account.id}`,
    onLink: (next) => {
      // What changed while we were away was not told: read the list again.
      if (next.at === 'open' && link.value.at !== 'open') void load(view.value);
      link.value = next;
    },
    onFrame,
  });
  live.start();
  return live;
}

function onFrame(frame: ServerFrame): void {
  if (frame.t === 'welcome') welcomedAs.value = frame.me.id;
  if (frame.t === 'inbox') learn(frame.conversation, true);
  if (frame.t === 'typing' && frame.from === 'visitor')
    typingUntil.set(frame.conversation, Date.now() + 6000);
}

export function learn(next: Summary, count = false): void {
  const old = known.get(next.id);
  if (!isNewer(old, next)) return;
  known.set(next.id, next);
  // Who answers has it on this device now; what is read soon says so by itself.
  const isMine = next.owner.kind === 'agent' && next.owner.id === agentId.value;
  if (isMine && next.unread > 0 && next.last?.from === 'visitor') live?.reached(next.id, next.head);
  if (!count) return;
  if (old) {
    const fresh = recount(counts.value, old, next, agentId.value);
    if (sameCounts(counts.value, fresh)) return;
    counts.value = fresh;
    tally.moved();
  } else {
    tally.moved();
    refetchLater();
  }
}

function refetchLater(): void {
  window.clearTimeout(refetch);
  refetch = window.setTimeout(() => void load(view.value), 800);
}

export async function load(which: InboxView, more = false): Promise<void> {
  const ticket = ++loads;
  const asked = tally.asks();
  const held = [...known.values()];
  const before = more ? cursors.get(which) : undefined;
  const wanted = filter.value;
  const from = (before ? `&before=${before}` : '') + asQuery(wanted);
  try {
    const page = await http.get<ConversationPage>(`/api/v1/conversations?view=${which}&limit=100${from}`);
    for (const s of page.conversations) learn(s);
    if (!more && page.next === undefined) forget(which, wanted, held, page);
    // A later press of a tab wins, whichever answer comes first.
    if (ticket !== loads) return;
    if (tally.fits(asked)) counts.value = page.counts;
    if (!tally.isSettled(asked)) refetchLater();
    cursors.set(which, page.next);
    hasMore.value = page.next !== undefined;
    phase.value = 'ready';
  } catch {
    if (ticket === loads && listed.value.length === 0) phase.value = 'error';
  }
}

/** What a whole list no longer names, and nobody told us of since, has left it while we were away. */
function forget(which: InboxView, wanted: Filter, held: Summary[], page: ConversationPage): void {
  const named = new Set(page.conversations.map((s) => s.id));
  for (const s of held) {
    const belongs = isIn(which, s, agentId.value) && passes(s, wanted);
    if (!named.has(s.id) && known.get(s.id) === s && belongs) known.delete(s.id);
  }
}

/** Narrows every list to a site or a tag. */
export function narrow(by: Partial<Filter>): void {
  filter.value = { ...filter.value, ...by };
  show(view.value);
}

export function show(which: InboxView): void {
  view.value = which;
  phase.value = listed.value.length > 0 ? 'ready' : 'loading';
  void load(which);
}
