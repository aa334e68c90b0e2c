import { Agent, expect, test, Visitor } from '../people.ts';
import { watched } from '../watched.ts';

const payloads = [
  '<img src=x onerror="window.ran.push(\'img\')">',
  '<script>window.ran.push("script")</script>',
  '<svg/onload=alert(document.domain)>',
  'javascript:window.ran.push("address")',
  '[click](javascript:alert(1))',
  '"><iframe srcdoc="<script>parent.ran.push(1)</script>"></iframe>',
  'https://example.com/"onmouseover="alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
];

/** The panel shows the host and path of a web address, never a text that may lie about it; all else as typed. */
const atVisitor = (text: string) => text.replace('https://example.com/', 'example.com');

test('what looks like a script is shown as typed and never runs', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  const ranAtAgent = await watched(agent.page.context());
  const ranAtVisitor = await watched(visitor.page.context());
  await Promise.all([agent.page.reload(), visitor.page.reload()]);
  await agent.isConnected();

  await visitor.write(`first ${payloads[0]}`);
  await agent.accept(`first ${payloads[0]}`);
  for (const text of payloads) {
    await visitor.write(`said ${text}`);
    await agent.sees(`said ${text}`);
    await agent.reply(`back ${text}`);
    await visitor.sees(`back ${atVisitor(text)}`);
  }
  await agent.note(`note ${payloads[0]}`);
  await agent.sees(`note ${payloads[0]}`);

  await Promise.all([agent.page.reload(), visitor.page.reload()]);
  for (const text of payloads) {
    for (const kind of ['said', 'back']) {
      await agent.sees(`${kind} ${text}`);
      await visitor.sees(`${kind} ${atVisitor(text)}`);
    }
  }
  for (const log of [agent.log, visitor.log]) {
    await expect(log.locator('script, iframe, img')).toHaveCount(0);
    for (const link of await log.getByRole('link').all()) {
      await expect(link).toHaveAttribute('href', /^https:\/\/example\.com\//);
      await expect(link).not.toHaveAttribute('onmouseover');
      await link.hover();
    }
  }
  expect(await ranAtAgent(agent.page)).toEqual([]);
  expect(await ranAtVisitor(visitor.page)).toEqual([]);
});

// 2026-11-24: the server tells typing only within the sender's shard (crates/gateway, Shard::typing).
test('what looks like a script never runs in the preview of what is typed', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  const ran = await watched(agent.page.context());
  await agent.page.reload();
  await agent.isConnected();
  await visitor.write('first #1');
  await agent.accept('first #1');
  await agent.sees('first #1');
  for (const text of payloads) {
    await visitor.box.fill(`typing ${text}`);
    await expect(agent.log.getByText(`typing ${text}`, { exact: true })).toBeVisible();
  }
  expect(await ran(agent.page)).toEqual([]);
});
