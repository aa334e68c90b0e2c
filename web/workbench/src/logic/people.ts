import type { Me, Member, Role } from '@macaw/client';

const RANK: Record<Role, number> = { agent: 0, manager: 1, owner: 2 };

/** Managers look after agents; owners also after managers and owners. The server decides again. */
export function mayChange(me: Pick<Me, 'role'> | null, member: Pick<Member, 'role'>): boolean {
  if (!me?.role || me.role === 'agent') return false;
  return me.role === 'owner' || member.role === 'agent';
}

/** Nobody gives a role above their own. */
export function rolesToGive(me: Pick<Me, 'role'> | null): Role[] {
  const mine = me?.role ?? 'agent';
  return (['agent', 'manager', 'owner'] as const).filter((role) => RANK[role] <= RANK[mine]);
}

/** The time zones that this browser knows, and those in use whatever it knows. */
export function zonesWith(...inUse: (string | null | undefined)[]): string[] {
  const known = new Set(Intl.supportedValuesOf('timeZone'));
  for (const zone of inUse) if (zone) known.add(zone);
  known.add('UTC');
  return [...known].sort();
}

/** A link of the server as somebody else can open it. */
export function absolute(link: string, origin = location.origin): string {
  return new URL(link, origin).href;
}
