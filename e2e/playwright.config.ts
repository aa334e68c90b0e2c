import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const known = [
  process.env.MACAW_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];
const executablePath = known.find((path) => path && existsSync(path));
if (!executablePath) throw new Error('No Chromium found: install one or name it in MACAW_CHROMIUM.');

export default defineConfig({
  testDir: 'tests',
  outputDir: 'out/results',
  globalTeardown: './contact-sheet.ts',
  fullyParallel: true,
  workers: 2,
  // A test that needs a second try is a fault.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  globalTimeout: 1_200_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    locale: 'en-US',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    // Costs half of the time; `npx playwright test --trace on` where it is wanted.
    trace: 'off',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
