import { faults } from '../axe.ts';
import { Agent, expect, test, Visitor } from '../people.ts';

test.use({ chat: { engine: 'knowledge', answer_pace: '300ms' } });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious fault of access in what the AI answers and in the knowledge, ${colorScheme}`, async ({ browser, server }) => {
    const visitor = await Visitor.atChatPage(browser, server, { colorScheme });
    const agent = await Agent.signedIn(browser, server, { colorScheme });
    const { page } = agent;
    await visitor.write('怎么申请退货');
    await agent.page.getByRole('tab', { name: /^Bot/ }).click();
    await agent.page.getByRole('tabpanel').getByRole('link').first().click();
    await expect(agent.log.getByRole('group', { name: 'AI is answering' })).toBeVisible();
    expect.soft(await faults(page), 'an answer as it comes, agent').toEqual([]);
    expect.soft(await faults(visitor.page), 'an answer as it comes, visitor').toEqual([]);
    await expect(visitor.log.getByRole('list', { name: 'Sources' })).toBeVisible();
    await visitor.write('What is the mass of Jupiter?');
    await expect(visitor.log.getByRole('button', { name: 'Talk to a person' })).toBeVisible();
    expect.soft(await faults(visitor.page), 'a person is offered').toEqual([]);
    await expect(agent.message('The AI did not know')).toBeVisible();
    expect.soft(await faults(page), 'answers, agent').toEqual([]);
    await agent.setAvailability('Busy');
    await visitor.log.getByRole('button', { name: 'Talk to a person' }).click();
    await expect(visitor.log.getByText('You are in line for a person')).toBeVisible();
    expect.soft(await faults(visitor.page), 'in the queue').toEqual([]);

    await agent.goTo('Knowledge');
    const tried = page.getByRole('region', { name: 'Try it' });
    await tried.getByRole('searchbox').fill('退款退到哪');
    await tried.getByRole('button', { name: 'Ask' }).click();
    await expect(tried.getByText('The visitor sees')).toBeVisible();
    expect.soft(await faults(page), 'a tried question').toEqual([]);
    await page.getByRole('button', { name: 'Add an answer' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('This must not be empty').first()).toBeVisible();
    expect.soft(await faults(page), 'an entry with faults').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Import' }).click();
    const table = 'question,answer\nnew,x\n,y\n';
    await page.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
    await expect(page.getByText('Line 3')).toBeVisible();
    expect.soft(await faults(page), 'an import before it is done').toEqual([]);
  });
}
