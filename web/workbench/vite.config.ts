import { rmSync } from 'node:fs';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/',
  plugins: [
    vue(),
    {
      name: 'empty-own-assets',
      apply: 'build',
      buildStart: () => rmSync('../dist/assets/workbench', { recursive: true, force: true }),
    },
  ],
  build: {
    outDir: '../dist',
    emptyOutDir: false,
    assetsDir: 'assets/workbench',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // light-dark() is kept as written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
});
