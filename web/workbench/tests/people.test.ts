import type { Me, Member } from '@macaw/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { lang, moment, time, useZone } from '../src/i18n/index.ts';
import { absolute, mayChange, rolesToGive, zonesWith } from '../src/logic/people.ts';
import { timeline } from '../src/logic/timeline.ts';
import ResetPage from '../src/pages/ResetPage.vue';
import TenantsPage from '../src/pages/TenantsPage.vue';
import EditDialog from '../src/people/EditDialog.vue';
import ResetDialog from '../src/people/ResetDialog.vue';
import { me } from '../src/state/session.ts';
import { answering, button, field, fill, mount, settled } from './mount.ts';
import { viewWith } from './world.ts';

const owner: Me = {
  account: { id: 'o', email: 'o@x.example', name: 'Olga' },
  tenant: { id: 't', name: 'Shop', time_zone: 'Asia/Shanghai' },
  role: 'owner',
  availability: 'online',
  capacity: 5,
  time_zone: 'Asia/Shanghai',
  file_limit: 1_000,
};
const agent: Member = {
  id: 'a',
  name: 'Ada',
  email: 'a@x.example',
  role: 'agent',
  availability: 'online',
  capacity: 5,
  load: 1,
  online: true,
};
const page = { template: '<div />' };
const routes = () =>
  createRouter({ history: createMemoryHistory(), routes: [{ path: '/:any(.*)*', component: page }] });

beforeEach(() => {
  lang.value = 'en';
  me.value = owner;
  useZone(null);
});

test('managers look after agents, owners after everybody, agents after nobody', () => {
  const may = (mine: Me['role'], theirs: Member['role']) => mayChange({ role: mine }, { role: theirs });
  expect([may('owner', 'owner'), may('owner', 'agent')]).toEqual([true, true]);
  expect([may('manager', 'agent'), may('manager', 'manager'), may('manager', 'owner')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([may('agent', 'agent'), may(null, 'agent')]).toEqual([false, false]);
});

test('nobody gives a role above their own', () => {
  expect(rolesToGive({ role: 'manager' })).toEqual(['agent', 'manager']);
  expect(rolesToGive({ role: 'owner' })).toContain('owner');
});

test('a link is whole, so that it can be sent to somebody', () => {
  expect(absolute('/reset#TOKEN', 'https://chat.example')).toBe('https://chat.example/reset#TOKEN');
});

test('a zone in use can be chosen whatever the browser knows', () => {
  expect(zonesWith('Mars/Olympus')).toContain('Mars/Olympus');
  expect(zonesWith()).toContain('UTC');
});

test('only what was changed of a member is sent', async () => {
  const calls = answering({ 'PUT /api/v1/members/a': (body) => ({ body }) });
  const done = vi.fn();
  mount(EditDialog, { member: agent, onDone: done });
  await settled();
  await fill(field('Conversations at once'), '8');
  button('Save').click();
  await settled();
  expect(calls.map((c) => c.body)).toEqual([{ capacity: 8 }]);
  expect(done).toHaveBeenCalledOnce();
});

test('a reset link is asked for by hand and shown whole', async () => {
  const calls = answering({
    'POST /api/v1/members/a/reset': () => ({ body: { link: '/reset#T', expires_at: 1 } }),
  });
  mount(ResetDialog, { member: agent });
  await settled();
  expect(calls).toEqual([]);
  button('Make link').click();
  await settled();
  expect(document.querySelector('code')?.textContent).toBe(absolute('/reset#T'));
});

test('a new password is set once it was written twice the same way', async () => {
  location.hash = '#TOKEN';
  const calls = answering({ 'POST /api/v1/auth/reset': () => ({ status: 204 }) });
  mount(ResetPage, {}, routes());
  await fill(field('New password'), 'correct horse');
  await fill(field('Once more'), 'correct house');
  document.querySelector('form')?.requestSubmit();
  await settled();
  expect(document.body.textContent).toContain('not the same');
  expect(calls).toEqual([]);
  await fill(field('Once more'), 'correct horse');
  document.querySelector('form')?.requestSubmit();
  await settled();
  expect(calls.map((c) => c.body)).toEqual([{ token: 'TOKEN', password: 'correct horse' }]);
});

test('an operator sees which tenants are suspended', async () => {
  const tenants = [{ id: 't1', name: 'Shop', time_zone: 'UTC', suspended: true, members: 3, created_at: 1 }];
  answering({ 'GET /api/v1/operator/tenants': () => ({ body: { tenants } }) });
  const root = mount(TenantsPage, {});
  await settled();
  expect(root.textContent).toContain('Suspended');
  expect(root.textContent).toContain('3 members');
});

test('times and days are those of the member', () => {
  const late = Date.UTC(2026, 0, 1, 20, 30);
  useZone('UTC');
  expect(time(late)).toBe('20:30');
  useZone('Asia/Shanghai');
  expect(time(late)).toBe('04:30');
  expect(moment(late)).toContain('Jan 2');
  // A day begins where the member is.
  const days = (zone: string) =>
    timeline(viewWith([late - 6 * 3_600_000, late]), '', zone).filter((r) => r.kind === 'day').length;
  expect([days('UTC'), days('Asia/Shanghai')]).toEqual([1, 2]);
});

test("a zone that the browser does not know leaves the browser's", () => {
  useZone('Mars/Olympus');
  expect(() => time(0)).not.toThrow();
});
