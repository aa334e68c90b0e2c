import type { Role, State } from '@macaw/client';

export type Action = 'accept' | 'take-over' | 'give-back' | 'transfer' | 'close' | 'reopen';

/** What makes sense now; the server decides again. The first one is the main action. */
export function actionsFor(state: Pick<State, 'status' | 'owner'>, me: string, role: Role): Action[] {
  if (state.status === 'closed') return ['reopen'];
  const { kind, id } = state.owner;
  if (kind === 'queue') return ['accept', 'transfer', 'close'];
  if (kind === 'engine') return ['take-over', 'transfer', 'close'];
  if (id === me) return ['close', 'transfer', 'give-back'];
  return role === 'agent' ? ['take-over'] : ['take-over', 'transfer', 'close'];
}

export type MayReply = 'yes' | 'closed' | 'queue' | 'engine' | 'other';

export function mayReply(state: Pick<State, 'status' | 'owner'>, me: string): MayReply {
  if (state.status === 'closed') return 'closed';
  if (state.owner.kind !== 'agent') return state.owner.kind;
  return state.owner.id === me ? 'yes' : 'other';
}
