import type { Page } from '@playwright/test';
import { Agent, expect, test, Visitor } from '../people.ts';

test.use({ chat: { engine: 'knowledge' } });

/** The parts of an answer as they arrive at this page from now on. */
function deltasOf(page: Page): string[] {
  const parts: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const frame = JSON.parse(String(payload)) as { t: string; text?: string };
      if (frame.t === 'delta') parts.push(frame.text ?? '');
    }),
  );
  return parts;
}

test('the knowledge answers in a stream, marked as AI, with its source', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const page = await (await browser.newContext()).newPage();
  const parts = deltasOf(page);
  await page.goto(`${server.url}/demo`);
  await page.getByRole('button', { name: 'Open chat' }).click();
  const visitor = new Visitor(page, page.getByRole('dialog').locator('iframe').contentFrame());
  await expect(visitor.status).toHaveText('AI answers at once');
  await visitor.write('怎么申请退货');

  const answer = visitor.message('审核通过后按页面上的地址寄回');
  await expect(answer).toHaveCount(1);
  await expect(answer).toContainText('AI answer');
  await expect(answer.getByRole('list', { name: 'Sources' })).toHaveText('怎么申请退货');
  expect(parts.filter(Boolean).length, 'it came in parts').toBeGreaterThan(1);

  // The agents read the same, with the way to the entry.
  await agent.opens('Bot', '审核通过后');
  const seen = agent.message('审核通过后按页面上的地址寄回');
  await expect(seen).toContainText('AI answer');
  await seen.getByRole('link', { name: '怎么申请退货' }).click();
  await expect(agent.page.getByRole('dialog')).toContainText('Edit entry');
  await expect(agent.page.getByLabel('Question', { exact: true })).toHaveValue('怎么申请退货');

  await page.reload();
  await page.getByRole('button', { name: /^Open chat/ }).click();
  await expect(answer).toHaveCount(1);
  await expect(answer).toContainText('AI answer');
});

test('the question is answered in the language it was asked in', async ({ browser, server }) => {
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('How do I return an item?');
  await expect(visitor.log.getByRole('list', { name: 'Sources' })).toHaveText(/return/i);
  await expect(visitor.log.getByRole('article').last()).toContainText(/[a-z]{3,} [a-z]{3,}/);
});

test('what it does not know it says, and offers a person', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('What is the mass of Jupiter? #1');
  await visitor.sees('Sorry, I do not know');
  const offer = visitor.message('Sorry, I do not know').getByRole('button', { name: 'Talk to a person' });
  await expect(agent.offer).toHaveCount(0);
  await offer.click();
  await expect(offer).toBeHidden();
  await expect(visitor.root.getByText('You are next: connecting you to a person')).toBeVisible();
  await agent.accept('Sorry, I do not know');
  await agent.sees('What is the mass of Jupiter? #1');
  await expect(agent.message('Sorry, I do not know')).toContainText('The AI did not know');
  await expect(visitor.status).toHaveText(/^You are talking to /);
  await visitor.page.reload();
  await expect(visitor.status).toHaveText(/^You are talking to /);
  await expect(visitor.page.getByRole('button', { name: 'Talk to a person' })).toHaveCount(0);
});

for (const words of ['转人工', 'I want to talk to a human']) {
  test(`“${words}” goes to a person at once`, async ({ browser, server }) => {
    const agent = await Agent.signedIn(browser, server);
    const visitor = await Visitor.atChatPage(browser, server);
    await visitor.write(words);
    await expect(agent.offer).toHaveCount(1);
    await agent.accept(words);
    await agent.reply('Here I am #2');
    await visitor.sees('Here I am #2');
    await visitor.page.reload();
    await visitor.sees('Here I am #2');
  });
}
