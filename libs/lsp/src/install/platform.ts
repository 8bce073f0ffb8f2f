import { arch, platform } from 'node:os';
import { exists } from '../program/folders.js';
import type { PlatformFiles } from './server-source.js';

/** This machine as releases call it: `linux-x64`, `linux-x64-musl`, `darwin-arm64` … */
export async function thisPlatform(): Promise<string> {
  const name = `${platform()}-${arch()}`;
  return name.startsWith('linux-') && (await exists('/etc/alpine-release')) ? `${name}-musl` : name;
}

/** Undefined when nothing is published for the platform. */
export const fileFor = (files: PlatformFiles, name: string): RegExp | undefined => files[name] ?? files['any'];
