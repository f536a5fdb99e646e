/** Lint rules: the strict TypeScript set, and in `core` and `sim` a ban on whatever differs between two runs. */
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const sameBytes = 'the same seed must give the same bytes';

export default defineConfig(
  globalIgnores(['node_modules', 'coverage', 'reports', 'live/image/app']),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: readonly(['Buffer', 'performance', 'process', 'setImmediate', 'setTimeout']),
    },
  },
  {
    files: ['core/**', 'sim/**'],
    ignores: ['sim/cli/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'performance', 'process', 'setTimeout', 'setInterval'].map(banned),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: `Take a named stream: ${sameBytes}.` },
        {
          object: 'Math',
          property: 'pow',
          message: `It differs by an ulp between Node versions: ${sameBytes}.`,
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "BinaryExpression[operator='**']",
          message: `It differs by an ulp between Node versions: ${sameBytes}.`,
        },
      ],
    },
  },
);

function banned(name) {
  return { name, message: `Time and effects come in from outside: ${sameBytes}.` };
}

function readonly(names) {
  return Object.fromEntries(names.map((name) => [name, 'readonly']));
}
