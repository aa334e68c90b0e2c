import { Agent, expect, test, Visitor } from '../people.ts';

test.use({ chat: { engine: 'knowledge' } });

test('what a manager writes, tries and improves is what visitors get', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const { page } = agent;
  const visitor = await Visitor.atChatPage(browser, server);
  await agent.goTo('Knowledge');
  const tried = page.getByRole('region', { name: 'Try it' });
  await tried.getByRole('searchbox', { name: 'Question to try' }).fill('Do you repair parrot cages?');
  await tried.getByRole('button', { name: 'Ask' }).click();
  await expect(tried).toContainText('No answer is sure enough');

  await test.step('an entry is written from the question that found nothing', async () => {
    await tried.getByRole('button', { name: 'Write an answer for it' }).click();
    const editor = page.getByRole('dialog');
    await expect(editor.getByLabel('Question', { exact: true })).toHaveValue('Do you repair parrot cages?');
    await editor.getByLabel('Answer', { exact: true }).fill('Yes, cages of any size, within two weeks.');
    await editor.getByRole('button', { name: 'Save' }).click();
    await expect(editor).toBeHidden();
    // The same question is tried again by itself.
    await expect(tried).toContainText('Yes, cages of any size');
    await expect(tried.getByRole('img', { name: 'answers' }).first()).toBeVisible();
  });

  await test.step('the visitor gets it', async () => {
    await visitor.write('Do you repair parrot cages?');
    await expect(visitor.message('Yes, cages of any size, within two weeks.')).toHaveCount(1);
  });

  await test.step('it is found, changed and kept', async () => {
    const search = page.getByRole('searchbox', { name: 'Search questions and answers' });
    await search.fill('parrot cages');
    await expect(page.getByRole('status').filter({ hasText: '1 found' })).toBeVisible();
    await page.getByRole('button', { name: /Do you repair parrot cages/ }).first().click();
    const editor = page.getByRole('dialog');
    await editor.getByRole('textbox', { name: 'Other ways to ask' }).fill('my macaw needs a new perch');
    await page.keyboard.press('Enter');
    await editor.getByLabel('Answer', { exact: true }).fill('Yes, within one week.');
    await page.keyboard.press('Escape');
    await expect(editor).toContainText('changes that are not saved');
    await editor.getByRole('button', { name: 'Keep editing' }).click();
    await editor.getByRole('button', { name: 'Save' }).click();
    await expect(editor).toBeHidden();
    await page.reload();
    await search.fill('parrot cages');
    await expect(page.getByRole('button', { name: /2 ways to ask/ })).toContainText('Yes, within one week.');
    const other = await Visitor.atChatPage(browser, server);
    await other.write('my macaw needs a new perch');
    await expect(other.message('Yes, within one week.')).toHaveCount(1);
  });

  await test.step('deleted, and back by undo', async () => {
    await page.getByRole('button', { name: /2 ways to ask/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('Nothing matches')).toBeVisible();
    const other = await Visitor.atChatPage(browser, server);
    await other.write('my macaw needs a new perch');
    await expect(other.message('Sorry, I do not know')).toHaveCount(1);
    const undone = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.status() === 201);
    await page.getByRole('button', { name: 'Undo' }).click();
    const { id } = (await (await undone).json()) as { id: string };
    expect((await undone).request().postDataJSON()).toMatchObject({ id });
    await expect(page.getByRole('button', { name: /2 ways to ask/ })).toBeVisible();
    await page.reload();
    await page.getByRole('searchbox', { name: 'Search questions and answers' }).fill('parrot cages');
    await expect(page.getByRole('button', { name: /2 ways to ask/ })).toBeVisible();
  });
});

test('an import says what it will do, does it, and visitors get the answers', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  const { page } = agent;
  await agent.goTo('Knowledge');
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = page.getByRole('dialog');
  const table = 'question,alternatives,answer\nDo you sell perches?,wooden perch|parrot swing,"Yes, of oak, in three sizes."\n,,nothing asked\n';
  await dialog.locator('input[type=file]').setInputFiles({ name: 'perches.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await expect(dialog).toContainText('Line 3');
  await expect(dialog.getByRole('list', { name: 'What will be imported' })).toContainText('Do you sell perches?');
  await dialog.getByRole('button', { name: 'Import 1' }).click();
  await expect(dialog).toContainText('Imported');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page.reload();
  await page.getByRole('searchbox', { name: 'Search questions and answers' }).fill('perches');
  await expect(page.getByRole('button', { name: /Do you sell perches/ })).toHaveCount(1);
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('parrot swing');
  await expect(visitor.message('Yes, of oak, in three sizes.')).toHaveCount(1);

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
  const stream = await file.createReadStream();
  let exported = '';
  for await (const part of stream) exported += String(part);
  expect(exported).toContain('wooden perch|parrot swing');
});

test('an agent reads and tries the knowledge, and cannot change it', async ({ browser, server }) => {
  const owner = await Agent.signedIn(browser, server);
  const ada = await owner.colleague(browser, server, 'Ada');
  await ada.goTo('Knowledge');
  await expect(ada.page.getByText('Only managers can change the knowledge.')).toBeVisible();
  await expect(ada.page.getByRole('button', { name: 'Import' })).toHaveCount(0);
  await ada.page.getByRole('region', { name: 'Entries' }).getByRole('listitem').first().getByRole('button').click();
  await expect(ada.page.getByLabel('Question', { exact: true })).toBeDisabled();
  await expect(ada.page.getByRole('dialog').getByRole('button', { name: 'Save' })).toHaveCount(0);
});

test('a site decides whether the knowledge answers first', async ({ browser, server }) => {
  const agent = await Agent.signedIn(browser, server);
  await agent.goTo('Sites');
  const first = agent.page.getByLabel('Who answers visitors first');
  await expect(first).toHaveValue('knowledge');
  await first.selectOption({ label: 'Your agents (no AI)' });
  await agent.page.getByRole('button', { name: 'Save' }).first().click();
  await expect(agent.page.getByText('Saved')).toBeVisible();
  const visitor = await Visitor.atChatPage(browser, server);
  await visitor.write('怎么申请退货');
  await agent.accept('怎么申请退货');
  await expect(visitor.log.getByText('AI answer')).toHaveCount(0);
  await agent.goTo('Sites');
  await expect(agent.page.getByLabel('Who answers visitors first')).toHaveValue('');
});
