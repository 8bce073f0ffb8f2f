import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The world outside comes to a library through the Environment and ProcessRunner ports. */
const OUTSIDE = 'Libraries take this from the Environment or ProcessRunner port, so that a host decides what they see.';

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'tools/', 'examples/*/dist/'] },
  eslint.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['{src,libs,test}/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // leaves files with decorators alone, where an import carries metadata (it reads that from tsconfig.json)
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // an empty class body is a Nest module; an async method without await keeps a port's signature
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/only-throw-error': 'error',
      // the older HTTP transport of MCP, and clients that register themselves: servers that know nothing else are about
      '@typescript-eslint/no-deprecated': [
        'error',
        {
          allow: [
            {
              from: 'package',
              package: '@modelcontextprotocol/client',
              name: ['SSEClientTransport', 'registerClient'],
            },
          ],
        },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 450 }],
      'max-params': 'off',
      '@typescript-eslint/max-params': ['error', { max: 5 }],
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: '@nestjs/common', importNames: ['forwardRef'], message: 'Cut the cycle instead.' },
            { name: 'process', message: OUTSIDE },
            { name: 'node:process', message: OUTSIDE },
          ],
          patterns: [{ group: ['#libs/*/*'], message: 'A library is reached through its index only.' }],
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        { selector: "MemberExpression[object.name='Scope'][property.name='REQUEST']", message: 'Pass the instance.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
      ],
    },
  },
  {
    files: ['libs/**/*.ts'],
    ignores: ['**/*.{spec,fixture}.ts', 'libs/extension/src/process/**', 'libs/extension/src/environment/**'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: OUTSIDE }],
      'no-restricted-properties': ['error', { object: 'globalThis', property: 'process', message: OUTSIDE }],
    },
  },
  {
    files: ['src/cli/**/*.ts', 'src/main.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['{src,libs}/**/*.{spec,fixture}.ts', 'test/**/*.ts'],
    rules: {
      // bodies of replies are looked at as they come
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['src/web/page/*.js'],
    languageOptions: {
      globals: {
        addEventListener: 'readonly',
        document: 'readonly',
        EventSource: 'readonly',
        fetch: 'readonly',
        history: 'readonly',
        location: 'readonly',
        requestAnimationFrame: 'readonly',
        URLSearchParams: 'readonly',
      },
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    ignores: ['src/web/page/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        TextDecoder: 'readonly',
        performance: 'readonly',
      },
    },
  },
);
