import { defineConfig } from 'vite';

// One classic script without a hash: its address is in the pages of customers.
export default defineConfig({
  publicDir: false,
  plugins: [
    {
      // A page in another encoding (GBK shops exist) would read our words wrongly: only ASCII goes out.
      name: 'ascii-only',
      generateBundle(_, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk') continue;
          chunk.code = chunk.code.replace(
            /[^ -~\s]|\u00a0|\u3000/g,
            (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
          );
        }
      },
    },
  ],
  build: {
    outDir: '../dist',
    emptyOutDir: false,
    target: 'es2020',
    lib: { entry: 'loader/main.ts', formats: ['iife'], name: 'macawLoader', fileName: () => 'widget.js' },
  },
});
