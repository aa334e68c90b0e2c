import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious fault of access for visitors, ${colorScheme}`, async ({ browser, server }) => {
    const visitor = await Visitor.atChatPage(browser, server, { colorScheme });
    await expect(visitor.root.getByRole('region', { name: 'You may want to ask' })).toBeVisible();
    expect.soft(await faults(visitor.page), 'chat page, welcome').toEqual([]);
    await visitor.write('hello #1 https://example.com/');
    await visitor.sees('#1');
    await expect(visitor.message('#1')).toContainText('Sent');
    expect.soft(await faults(visitor.page), 'chat page, conversation').toEqual([]);

    const page = await (await browser.newContext({ colorScheme })).newPage();
    await page.goto(`${server.url}/demo`);
    expect.soft(await faults(page), 'demo').toEqual([]);
    await page.getByRole('button', { name: 'Open chat' }).click();
    const frame = page.getByRole('dialog').locator('iframe').contentFrame();
    await expect(frame.getByRole('textbox', { name: 'Message' })).toBeEditable();
    await expect(frame.getByRole('region', { name: 'You may want to ask' })).toBeVisible();
    expect.soft(await faults(page), 'demo with the widget open').toEqual([]);
  });

  test(`no serious fault of access for agents, ${colorScheme}`, async ({ browser, server }) => {
    const gate = await (await browser.newContext({ colorScheme })).newPage();
    await gate.goto(`${server.url}/sign-in`);
    await expect(gate.getByRole('button', { name: 'Sign in' })).toBeVisible();
    expect.soft(await faults(gate), 'sign-in').toEqual([]);

    const agent = await Agent.signedIn(browser, server, { colorScheme });
    const { page } = agent;
    const visitor = await Visitor.atChatPage(browser, server);
    await visitor.write('a question #1');
    await expect(agent.offer).toContainText('a question #1');
    expect.soft(await faults(page), 'an offer').toEqual([]);
    await agent.accept('a question #1');
    await agent.reply('an answer #2');
    await visitor.sees('an answer #2');
    await agent.note('a note #3');
    await agent.sees('a note #3');
    expect.soft(await faults(page), 'conversation, note').toEqual([]);
    await page.getByRole('button', { name: 'Reply', exact: true }).click();
    expect.soft(await faults(page), 'conversation, reply').toEqual([]);

    const nav = page.getByRole('navigation', { name: 'Main' });
    for (const name of ['Knowledge', 'Members', 'Sites', 'Devices']) {
      await nav.getByRole('link', { name }).click();
      await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
      const filled = { Knowledge: 'ways to ask', Members: server.login, Sites: 'data-site', Devices: 'This device' }[name] ?? '';
      await expect(page.getByText(filled).first()).toBeVisible();
      expect.soft(await faults(page), name).toEqual([]);
    }
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious fault of access around files, ${colorScheme}`, async ({ browser, server }) => {
    const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from('hello') });
    const agent = await Agent.signedIn(browser, server, { colorScheme });
    const visitor = await Visitor.atChatPage(browser, server, { colorScheme });
    await visitor.page.locator('input[type=file]').setInputFiles([file('a.txt'), file('b.exe')]);
    await expect(visitor.root.getByRole('list', { name: 'Files to send' })).toContainText('ready to send');
    await expect(visitor.root.getByRole('alert')).toBeVisible();
    expect.soft(await faults(visitor.page), 'chat page, waiting files').toEqual([]);
    await visitor.send.click();
    await expect(visitor.log.getByRole('button', { name: /^Download a.txt/ })).toBeVisible();
    expect.soft(await faults(visitor.page), 'chat page, sent file').toEqual([]);
    await agent.accept('a.txt');
    await agent.page.locator('input[type=file]').setInputFiles([file('c.txt'), file('d.exe')]);
    await expect(agent.page.getByRole('list', { name: 'Files to send' })).toContainText('ready to send');
    expect.soft(await faults(agent.page), 'workbench, files').toEqual([]);
  });
}
