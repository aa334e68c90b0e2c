import { createRouter, createWebHistory } from 'vue-router';
import { loadMe, mayManage, me, wordsOf } from './state/session.ts';
import { trouble } from './state/trouble.ts';

const Shell = () => import('./shell/AppShell.vue');
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', component: () => import('./pages/SignIn.vue'), meta: { open: true } },
    { path: '/sign-up', component: () => import('./pages/SignUp.vue'), meta: { open: true } },
    { path: '/trouble', component: () => import('./pages/TroublePage.vue'), meta: { open: true } },
    { path: '/reset', component: () => import('./pages/ResetPage.vue'), meta: { open: true } },
    { path: '/invite', component: () => import('./pages/InvitePage.vue'), meta: { open: true } },
    {
      path: '/',
      component: Shell,
      children: [
        { path: '', name: 'home', component: () => import('./pages/ChatsPage.vue') },
        { path: 'c/:id', name: 'chat', component: () => import('./pages/ChatsPage.vue') },
        { path: 'knowledge', name: 'knowledge', component: () => import('./pages/KnowledgePage.vue') },
        { path: 'engines', name: 'engines', component: () => import('./pages/EnginesPage.vue') },
        { path: 'routing', name: 'routing', component: () => import('./pages/RoutingPage.vue') },
        { path: 'canned', name: 'canned', component: () => import('./pages/CannedPage.vue') },
        { path: 'desk', name: 'desk', component: () => import('./pages/DeskPage.vue') },
        { path: 'blacklist', name: 'blacklist', component: () => import('./pages/BlocksPage.vue') },
        { path: 'members', name: 'members', component: () => import('./pages/MembersPage.vue') },
        { path: 'sites', name: 'sites', component: () => import('./pages/SitesPage.vue') },
        { path: 'first-steps', name: 'first-steps', component: () => import('./pages/StepsPage.vue') },
        { path: 'settings', name: 'settings', component: () => import('./pages/SettingsPage.vue') },
        { path: 'tenants', name: 'tenants', component: () => import('./pages/TenantsPage.vue') },
        { path: 'sessions', name: 'sessions', component: () => import('./pages/SessionsPage.vue') },
      ],
    },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});

router.beforeEach(async (to) => {
  if (to.meta.open) return true;
  try {
    if (!(await loadMe()))
      return { path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
    return wayFor(to.path) ?? true;
  } catch (error) {
    trouble.value = wordsOf(error);
    return { path: '/trouble', query: { next: to.fullPath } };
  }
});

const forManagers = ['/engines', '/routing'];

/** Who is a member of no tenant has only the operator's page and the own devices; others not the operator's. */
function wayFor(path: string): string | null {
  if (me.value && !me.value.tenant) return ['/tenants', '/sessions'].includes(path) ? null : '/tenants';
  if (forManagers.includes(path) && !mayManage.value) return '/';
  return path === '/tenants' && !me.value?.operator ? '/' : null;
}
