import { type Availability, createHttp, type Http, HttpError, type Me, type SignUp } from '@macaw/client';
import { computed, ref, watch } from 'vue';
import { t, useZone } from '../i18n/index.ts';

const plain = createHttp();
/** Every call after sign-in: when the session has ended, the way leads to the sign-in page. */
export const http: Http = {
  get: (path, signal) => plain.get<never>(path, signal).catch(orSignIn),
  post: (path, body, signal) => plain.post<never>(path, body, signal).catch(orSignIn),
  put: (path, body, signal) => plain.put<never>(path, body, signal).catch(orSignIn),
  delete: (path, signal) => plain.delete<never>(path, signal).catch(orSignIn),
  upload: (path, body, type, signal) => plain.upload<never>(path, body, type, signal).catch(orSignIn),
  text: (path, signal) => plain.text(path, signal).catch(orSignIn),
};
export const me = ref<Me | null>(null);
watch(
  () => me.value?.time_zone,
  (name) => useZone(name),
);
/** May change what belongs to the whole tenant. */
export const mayManage = computed(() => me.value?.role === 'owner' || me.value?.role === 'manager');
/** The agent's id as owners and offers name it; the socket's welcome may correct it. */
export const welcomedAs = ref<string | null>(null);
export const agentId = computed(() => welcomedAs.value ?? me.value?.account.id ?? '');

function orSignIn(error: unknown): never {
  if (error instanceof HttpError && error.problem.status === 401 && me.value) {
    me.value = null;
    const next = location.pathname === '/' ? '' : `?next=${encodeURIComponent(location.pathname)}`;
    location.assign(`/sign-in${next}`);
  }
  throw error;
}

/** False when nobody is signed in. `fresh` asks again. */
export async function loadMe(fresh = false): Promise<boolean> {
  if (me.value && !fresh) return true;
  try {
    me.value = await plain.get<Me>('/api/v1/me');
    return true;
  } catch (error) {
    if (error instanceof HttpError && error.problem.status === 401) return false;
    throw error;
  }
}

export async function signIn(email: string, password: string): Promise<void> {
  me.value = await plain.post<Me>('/api/v1/auth/sign-in', { email, password });
}

export async function signUp(who: SignUp): Promise<void> {
  me.value = await plain.post<Me>('/api/v1/auth/sign-up', who);
}

export async function signOut(): Promise<void> {
  await plain.post('/api/v1/auth/sign-out').catch(() => {});
  location.assign('/sign-in');
}

export async function setAvailability(availability: Availability): Promise<void> {
  me.value = await http.put<Me>('/api/v1/me/availability', { availability });
}

export function wordsOf(error: unknown): string {
  if (!(error instanceof HttpError)) return t('do.error', { why: String(error) });
  const { status, code } = error.problem;
  if (status === 0) return t('do.network');
  return code === 'version_conflict' ? t('act.conflict') : t('do.error', { why: error.message });
}

/** Goes on in another tenant. Everything that was loaded belongs to the old one: the page starts anew. */
export async function switchTenant(tenant: string): Promise<void> {
  await http.post('/api/v1/me/tenant', { tenant });
  location.assign('/');
}
