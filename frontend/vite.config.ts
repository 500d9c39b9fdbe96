import react from '@vitejs/plugin-react';
import { defaultClientConditions } from 'vite';
import { defineConfig } from 'vitest/config';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  // The runtime's .mjs and .wasm are assets of ours, hashed and served from our origin, not inlined into its bundle.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  // light-dark() stays as it is written: every browser has it since 2024.
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: true,
    chunkSizeWarningLimit: 900,
  },
  // The development server stands in for ours: same isolation headers, API calls passed through.
  server: {
    host: '127.0.0.1',
    headers: isolation,
    proxy: { '/api': process.env.MASKLOOP_URL ?? 'http://127.0.0.1:8000' },
  },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node', restoreMocks: true },
});
