import { type Closing, type ConversationAnswer, hasOlder, lastSeq, type View } from '@macaw/client';
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { zone } from '../i18n/index.ts';
import { type Action, actionsFor, mayReply } from '../logic/actions.ts';
import { timeline } from '../logic/timeline.ts';
import { learn, summaryOf, useLive } from './inbox.ts';
import { look, takeQuote } from './quoting.ts';
import { agentId, http, me } from './session.ts';
import { attempt } from './toast.ts';

export type Transfer = { agent: string } | { queue: true };

export function useConversation(id: Ref<string>) {
  const live = useLive();
  const view = shallowRef<View | null>(null);
  const error = ref(false);
  const busy = ref<Action | null>(null);
  let leave = () => {};

  async function open() {
    leave();
    view.value = null;
    error.value = false;
    const wanted = id.value;
    leave = live.watch(wanted, (next) => {
      view.value = next;
      look(next, older);
    });
    if (summaryOf(wanted)) return;
    try {
      took(await http.get<ConversationAnswer>(`/api/v1/conversations/${wanted}`));
    } catch {
      error.value = wanted === id.value;
    }
  }
  watch(id, open, { immediate: true });
  onScopeDispose(() => leave());

  function took(answer: ConversationAnswer) {
    learn(answer.conversation, true);
    live.setState(answer.conversation.id, answer.state);
  }

  const summary = computed(() => summaryOf(id.value));
  const state = computed(() => view.value?.state ?? summary.value ?? null);

  async function act(action: Action, more?: Transfer | Closing) {
    busy.value = action;
    // A transfer names no version: the server takes it from the owner.
    const body = action === 'transfer' ? more : { version: summary.value?.version, ...more };
    const went = await attempt(async () =>
      took(await http.post(`/api/v1/conversations/${id.value}/${action}`, body)),
    );
    if (!went) void http.get<ConversationAnswer>(`/api/v1/conversations/${id.value}`).then(took, () => {});
    busy.value = null;
    return went;
  }

  async function older() {
    const log = view.value?.internal;
    await attempt(() => live.loadOlder(id.value));
    if (log && hasOlder(log)) await attempt(() => live.loadOlder(id.value, 'internal'));
  }

  return {
    view,
    summary,
    state,
    error,
    busy,
    act,
    older,
    open,
    rows: computed(() => (view.value ? timeline(view.value, me.value?.account.name ?? '', zone.value) : [])),
    actions: computed(() =>
      state.value ? actionsFor(state.value, agentId.value, me.value?.role ?? 'agent') : [],
    ),
    reply: computed(() => (state.value ? mayReply(state.value, agentId.value) : 'closed')),
    canOlder: computed(() => !!view.value && hasOlder(view.value.public)),
    send: (text: string, isNote: boolean) =>
      isNote ? live.note(id.value, text) : live.send(id.value, text, undefined, undefined, takeQuote()),
    typing: () => live.typing(id.value),
    retry: (clientId: string) => live.retry(id.value, clientId),
    discard: (clientId: string) => live.discard(id.value, clientId),
    /** Only the owner's eyes move the cursor: a supervisor looks without a trace. */
    seen: () => {
      if (document.visibilityState !== 'visible' || !view.value || reply_() !== 'yes') return;
      live.read(id.value, lastSeq(view.value.public));
    },
  };

  function reply_() {
    return state.value ? mayReply(state.value, agentId.value) : 'closed';
  }
}
