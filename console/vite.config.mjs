import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  // Nothing inline, so that the policy of the pages can refuse it.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
