import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** @type {Record<string, string[]>} Arrows point inward (docs/decisions/0001): each layer names the layers that it must not import. */
const layers = {
  geometry: ['editor', 'inference', 'render', 'api', 'outbox', 'drafts', 'preferences', 'ui'],
  editor: ['inference', 'render', 'api', 'outbox', 'drafts', 'preferences', 'ui'],
  inference: ['editor', 'render', 'api', 'outbox', 'drafts', 'preferences', 'ui'],
  render: ['inference', 'api', 'outbox', 'drafts', 'preferences', 'ui'],
  api: ['geometry', 'editor', 'inference', 'render', 'outbox', 'drafts', 'preferences', 'ui'],
  outbox: ['inference', 'render', 'drafts', 'preferences', 'ui'],
  drafts: ['inference', 'render', 'api', 'outbox', 'preferences', 'ui'],
  preferences: ['geometry', 'editor', 'inference', 'render', 'outbox', 'drafts', 'ui'],
  i18n: ['geometry', 'editor', 'inference', 'render', 'api', 'outbox', 'drafts', 'preferences', 'ui'],
};

const frameworks = [
  'react',
  'react-dom',
  'react-dom/*',
  'react-i18next',
  '@base-ui/*',
  '@tanstack/*',
  'wouter',
  'lucide-react',
];

/** Every layer may speak in messages (`i18n/message`); the hooks are for ui/. */
const hooks = '(^|/)i18n(/index)?$';

const layerRules = Object.entries(layers).map(([layer, forbidden]) => ({
  files: [`src/${layer}/**/*.{ts,tsx}`],
  ignores: ['src/i18n/index.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: forbidden.map((name) => `**/${name}/**`),
            message: `${layer}/ must not import this layer.`,
          },
          { group: frameworks, message: `${layer}/ is free of the UI framework.` },
          { regex: hooks, message: `${layer}/ is free of the UI framework.` },
        ],
      },
    ],
  },
}));

export default defineConfig(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { globals: globals.browser, parserOptions: { projectService: true } } },
  { files: ['src/ui/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  {
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  // Headless layers: a DOM global here would tie the editor to a page.
  {
    files: ['src/geometry/**/*.ts', 'src/editor/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'window',
        'document',
        'navigator',
        'localStorage',
        'indexedDB',
        'fetch',
      ],
    },
  },
  ...layerRules,
);
