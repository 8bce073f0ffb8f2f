import type { NeededProgram, ServerSource } from '../install/server-source.js';
import { launchJdtls } from './jdtls.js';

const ZIG: NeededProgram = {
  program: 'zig',
  version: { args: ['version'], pattern: /^(\d+\.\d+\.\d+\S*)/m },
  perVersion: true,
};
const JAVA: NeededProgram = {
  program: 'java',
  home: 'JAVA_HOME',
  version: { args: ['-version'], pattern: /version "([\w.+-]+)"/ },
  atLeast: 21,
};

/** Where those servers come from that are installed, but not from the npm registry. */
export const SOURCES = {
  gopls: {
    tool: { program: 'go', args: ['install', 'golang.org/x/tools/gopls@latest'], env: { GOBIN: '$FOLDER' } },
    hint: 'run: go install golang.org/x/tools/gopls@latest',
  },
  rubocop: {
    tool: {
      program: 'gem',
      args: ['install', 'rubocop', '--no-document', '--install-dir', '$FOLDER', '--bindir', '$FOLDER/bin'],
      // an empty last part stands for the places where Ruby looks otherwise
      serverEnv: { GEM_PATH: '$FOLDER:$GEM_PATH' },
    },
    hint: 'run: gem install rubocop',
  },
  csharp: {
    tool: { program: 'dotnet', args: ['tool', 'install', 'csharp-ls', '--tool-path', '$FOLDER'] },
    hint: 'run: dotnet tool install --global csharp-ls',
  },
  fsharp: {
    tool: { program: 'dotnet', args: ['tool', 'install', 'fsautocomplete', '--tool-path', '$FOLDER'] },
    hint: 'run: dotnet tool install --global fsautocomplete',
  },
  clangd: {
    release: {
      feed: {
        github: 'clangd/clangd',
        files: {
          'linux-x64': /^clangd-linux-[\d.]+\.zip$/,
          'linux-arm64': /^clangd-linux-(arm64|aarch64)-[\d.]+\.zip$/,
          'darwin-x64': /^clangd-mac-[\d.]+\.zip$/,
          'darwin-arm64': /^clangd-mac-[\d.]+\.zip$/,
        },
      },
      programs: ['clangd'],
    },
    hint: 'install clangd, a part of LLVM (https://clangd.llvm.org/installation)',
  },
  zls: {
    release: { feed: { zigtools: 'zls' }, programs: ['zls'], needs: ZIG },
    hint: 'install zls, the release that fits the Zig compiler (https://zigtools.org/zls/install)',
  },
  elixirLs: {
    release: {
      feed: { github: 'elixir-lsp/elixir-ls', files: { any: /^elixir-ls-v[\d.]+\.zip$/ } },
      programs: ['language_server.sh'],
      needs: { program: 'elixir' },
      // what its launcher does before each start: fetches and compiles what it is made of
      finish: { script: 'quiet_install.exs', env: { MIX_ENV: 'prod' } },
    },
    hint: 'install elixir-ls (https://github.com/elixir-lsp/elixir-ls)',
  },
  lua: {
    release: {
      feed: {
        github: 'LuaLS/lua-language-server',
        files: {
          'linux-x64': /-linux-x64\.tar\.gz$/,
          'linux-x64-musl': /-linux-x64-musl\.tar\.gz$/,
          'linux-arm64': /-linux-arm64\.tar\.gz$/,
          'darwin-x64': /-darwin-x64\.tar\.gz$/,
          'darwin-arm64': /-darwin-arm64\.tar\.gz$/,
        },
      },
      programs: ['lua-language-server'],
    },
    hint: 'install lua-language-server (https://github.com/LuaLS/lua-language-server)',
  },
  texlab: {
    release: {
      feed: {
        github: 'latex-lsp/texlab',
        files: {
          'linux-x64': /^texlab-x86_64-linux\.tar\.gz$/,
          'linux-x64-musl': /^texlab-x86_64-alpine\.tar\.gz$/,
          'linux-arm64': /^texlab-aarch64-linux\.tar\.gz$/,
          'darwin-x64': /^texlab-x86_64-macos\.tar\.gz$/,
          'darwin-arm64': /^texlab-aarch64-macos\.tar\.gz$/,
        },
      },
      programs: ['texlab'],
    },
    hint: 'install texlab (https://github.com/latex-lsp/texlab)',
  },
  tinymist: {
    release: {
      feed: {
        github: 'Myriad-Dreamin/tinymist',
        files: {
          'linux-x64': /^tinymist-x86_64-unknown-linux-gnu\.tar\.gz$/,
          'linux-x64-musl': /^tinymist-x86_64-unknown-linux-musl\.tar\.gz$/,
          'linux-arm64': /^tinymist-aarch64-unknown-linux-gnu\.tar\.gz$/,
          'linux-arm64-musl': /^tinymist-aarch64-unknown-linux-musl\.tar\.gz$/,
          'darwin-x64': /^tinymist-x86_64-apple-darwin\.tar\.gz$/,
          'darwin-arm64': /^tinymist-aarch64-apple-darwin\.tar\.gz$/,
        },
      },
      programs: ['tinymist'],
    },
    hint: 'install tinymist (https://github.com/Myriad-Dreamin/tinymist)',
  },
  terraform: {
    release: { feed: { hashicorp: 'terraform-ls' }, programs: ['terraform-ls'] },
    hint: 'install terraform-ls (https://releases.hashicorp.com/terraform-ls)',
  },
  jdtls: {
    release: {
      feed: { eclipse: 'jdtls/snapshots' },
      programs: ['org.eclipse.equinox.launcher_*.jar'],
      needs: JAVA,
      launch: launchJdtls,
    },
    hint: 'install Java 21 and the Eclipse JDT language server (https://download.eclipse.org/jdtls), with its bin in PATH',
  },
  // brings its own Java
  kotlin: {
    release: {
      feed: {
        githubNotes: 'Kotlin/kotlin-lsp',
        files: {
          'linux-x64': /^kotlin-server-[\d.]+\.tar\.gz$/,
          'linux-arm64': /^kotlin-server-[\d.]+-aarch64\.tar\.gz$/,
          'darwin-x64': /^kotlin-server-[\d.]+\.sit$/,
          'darwin-arm64': /^kotlin-server-[\d.]+-aarch64\.sit$/,
        },
      },
      programs: ['intellij-server', 'kotlin-lsp.sh'],
    },
    hint: 'install kotlin-lsp (https://github.com/Kotlin/kotlin-lsp)',
  },
} satisfies Record<string, ServerSource>;
