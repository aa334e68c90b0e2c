import { rmSync } from 'node:fs';
import { defineConfig } from 'vite';

// The panel (/chat/<site>) and the demo shop. Both are static: no inline script or style, for a strict CSP.
export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    {
      name: 'empty-own-assets',
      apply: 'build',
      buildStart: () => rmSync('../dist/assets/widget', { recursive: true, force: true }),
    },
  ],
  build: {
    outDir: '../dist',
    emptyOutDir: false,
    assetsDir: 'assets/widget',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: { input: ['chat.html', 'demo.html'] },
  },
});
