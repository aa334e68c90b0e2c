import { test as base, type Browser, type BrowserContextOptions, expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { type Chat, Server } from './server.ts';

export { expect };

/** Each test has a server and data of its own, so that none sees what another did. */
export const test = base.extend<{ chat: Chat; signUp: boolean; env: Record<string, string>; server: Server; leaveNobody: void }>({
  /** The section of that name in the server's configuration. */
  chat: [{}, { option: true }],
  /** Whether anybody may make a tenant of their own. */
  signUp: [false, { option: true }],
  /** More of the server's environment. */
  env: [{}, { option: true }],
  // Contexts that a test opens itself would live, and reconnect, until the worker ends.
  leaveNobody: [
    async ({ browser }, use) => {
      await use();
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    { auto: true },
  ],
  server: async ({ chat, signUp, env }, use, info) => {
    const server = new Server(chat, signUp, env);
    try {
      await server.start();
      await use(server);
    } finally {
      await server.stop();
      if (info.status !== info.expectedStatus) await info.attach('server.log', { body: server.log });
    }
  },
});

/** The panel, on its own page or inside the widget. */
export class Visitor {
  readonly log: Locator;
  readonly box: Locator;
  readonly send: Locator;
  readonly status: Locator;

  constructor(
    readonly page: Page,
    readonly root: Page | FrameLocator = page,
  ) {
    this.log = root.getByRole('log', { name: 'Conversation' });
    this.box = root.getByRole('textbox', { name: 'Message' });
    this.send = root.getByRole('button', { name: 'Send', exact: true });
    this.status = root.getByRole('banner').getByRole('status');
  }

  static async atChatPage(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${server.url}/chat/${server.site}`);
    const visitor = new Visitor(page);
    await expect(visitor.box).toBeVisible();
    return visitor;
  }

  async write(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
    await expect(this.box).toHaveValue('');
  }

  /** Goes on at the same address in a new tab. */
  async again(): Promise<Visitor> {
    const page = await this.page.context().newPage();
    await page.goto(this.page.url());
    return new Visitor(page);
  }

  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  /** A message with this text, once, and on disk at the server. */
  async sees(text: string): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).toBeVisible();
  }
}

export class Agent {
  readonly offer: Locator;
  readonly log: Locator;
  readonly link: Locator;

  constructor(readonly page: Page) {
    this.offer = page.getByRole('article').filter({ has: page.getByRole('button', { name: 'Accept' }) });
    this.log = page.getByRole('log', { name: 'Messages' });
    this.link = page.getByRole('navigation', { name: 'Main' }).getByRole('status');
  }

  /** Signs in by hand, as a person does. */
  static signedIn(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Agent> {
    return Agent.as(browser, server, server.login, server.password, options);
  }

  static async as(
    browser: Browser,
    server: Server,
    email: string,
    password: string,
    options: BrowserContextOptions = {},
  ): Promise<Agent> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${server.url}/`);
    await expect(page).toHaveURL(/\/sign-in/);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const agent = new Agent(page);
    await agent.isConnected();
    return agent;
  }

  /** Another agent of the same tenant, by an invitation of this one. */
  async colleague(browser: Browser, server: Server, name: string, role: 'agent' | 'manager' = 'agent'): Promise<Agent> {
    const email = `${name.toLowerCase()}@macaw.local`;
    const password = 'a password of ten';
    const headers = { 'X-Macaw': '1' };
    const made = await this.page.request.post(`${server.url}/api/v1/invitations`, { headers, data: { email, role } });
    const { link } = (await made.json()) as { link: string };
    const token = link.split('#')[1] ?? '';
    const joined = await this.page.request.post(`${server.url}/api/v1/invitations/accept`, { headers, data: { token, name, password } });
    expect(joined.ok(), await joined.text()).toBe(true);
    return Agent.as(browser, server, email, password);
  }

  async isConnected(): Promise<void> {
    await expect(this.link).toHaveText('Connected');
  }

  async accept(text: string): Promise<void> {
    const offer = this.offer.filter({ hasText: text });
    await expect(offer).toHaveCount(1);
    await offer.getByRole('button', { name: 'Accept' }).click();
    await expect(this.page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
    await expect(offer).toHaveCount(0);
    await expect(this.page.getByRole('textbox', { name: 'Reply' })).toBeVisible();
  }

  async reply(text: string): Promise<void> {
    await this.choose('Reply');
    await this.page.getByRole('textbox', { name: 'Reply' }).fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(this.page.getByRole('textbox', { name: 'Reply' })).toHaveValue('');
  }

  async note(text: string): Promise<void> {
    await this.choose('Note');
    await this.page.getByRole('textbox', { name: 'Note' }).fill(text);
    await this.page.getByRole('button', { name: 'Save note' }).click();
    await expect(this.page.getByRole('textbox', { name: 'Note' })).toHaveValue('');
  }

  /** Closes the conversation without a reason or a summary. */
  async close(): Promise<void> {
    await this.page.getByRole('button', { name: 'Close', exact: true }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Close conversation' }).click();
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
  }

  /** Opens the conversation with this word in it from the list of that name. */
  async opens(view: 'Mine' | 'Queue' | 'Bot' | 'All', text: string): Promise<void> {
    if (!(await this.page.getByRole('tab').first().isVisible())) await this.goTo('Chats');
    await this.page.getByRole('tab', { name: new RegExp(`^${view}`) }).click();
    await this.page.getByRole('tabpanel').getByRole('link').filter({ hasText: text }).click();
    await expect(this.log).toBeVisible();
  }

  async goTo(page: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: page }).click();
  }

  async setAvailability(to: 'Online' | 'Busy' | 'Away'): Promise<void> {
    await this.page.getByRole('button', { name: /^Availability/ }).click();
    await this.page.getByRole('menuitem', { name: to }).click();
    await expect(this.page.getByRole('button', { name: `Availability: ${to}` })).toBeVisible();
  }

  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  async sees(text: string): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).toBeVisible();
  }

  private async choose(kind: 'Reply' | 'Note'): Promise<void> {
    await this.page.getByRole('group', { name: 'Kind of message' }).getByRole('button', { name: kind, exact: true }).click();
  }
}

/** Exactly these messages, each once, in this order. */
export async function hasInOrder(log: Locator, texts: string[]): Promise<void> {
  const all = log.getByRole('article').filter({ hasText: /#\d/ });
  await expect(all).toHaveCount(texts.length);
  await expect(all).toContainText(texts);
}
