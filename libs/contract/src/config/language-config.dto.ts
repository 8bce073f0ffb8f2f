import { item } from '../field/factory.js';
import { ArrayField, BooleanField, LiteralField, RecordField } from '../field/field.decorator.js';
import { InlineSchema } from '../field/schema.decorator.js';

/** The language servers that are known without configuration, in the order in which they are asked. */
export const LANGUAGE_SERVER_IDS: readonly string[] = [
  ...[
    'deno',
    'typescript',
    'vue',
    'eslint',
    'oxlint',
    'biome',
    'gopls',
    'ruby-lsp',
    'ty',
    'pyright',
    'elixir-ls',
    'zls',
  ],
  ...['csharp', 'fsharp', 'sourcekit-lsp', 'rust', 'clangd', 'svelte', 'astro', 'jdtls', 'kotlin-ls', 'yaml-ls'],
  ...['lua-ls', 'php intelephense', 'prisma', 'dart', 'ocaml-lsp', 'bash', 'terraform', 'texlab', 'dockerfile'],
  ...['gleam', 'clojure-lsp', 'nixd', 'tinymist', 'haskell-language-server'],
];

/** Definition or override of a formatter. */
@InlineSchema()
export class FormatterConfig {
  @BooleanField({ optional: true })
  disabled?: boolean;

  @ArrayField(item.string(), { optional: true })
  command?: string[];

  @RecordField(item.string(), { optional: true })
  environment?: Record<string, string>;

  @ArrayField(item.string(), { optional: true })
  extensions?: string[];
}

/** Switches a language server off. */
@InlineSchema()
export class LspDisabledConfig {
  @LiteralField(true)
  disabled: true;
}

/** Definition or override of a language server. */
@InlineSchema()
export class LspServerConfig {
  @ArrayField(item.string())
  command: string[];

  @ArrayField(item.string(), { optional: true })
  extensions?: string[];

  @BooleanField({ optional: true })
  disabled?: boolean;

  @RecordField(item.string(), { optional: true })
  env?: Record<string, string>;

  @RecordField(item.any(), { optional: true })
  initialization?: Record<string, unknown>;
}
