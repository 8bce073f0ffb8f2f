import type { Downloads } from './downloads.js';
import { fileFor } from './platform.js';
import type { PlatformFiles, ReleaseFeed } from './server-source.js';

/** What is to be downloaded. */
export interface Release {
  /** The tag or version. */
  readonly version: string;
  readonly url: string;
  /** Hexadecimal; absent where none is published. */
  readonly sha256?: string;
}

export interface ReleaseQuestion {
  readonly downloads: Downloads;
  /** See {@link thisPlatform}. */
  readonly platform: string;
  /** Version of the program that the server needs. */
  readonly neededVersion?: string | undefined;
  readonly signal: AbortSignal;
}

interface GitHubRelease {
  tag_name: string;
  body: string;
  assets: { name: string; browser_download_url: string; digest?: string | null }[];
}

interface HashicorpRelease {
  version: string;
  url_shasums: string;
  builds: { os: string; arch: string; url: string }[];
}

/** The newest release for a platform. Rejects when there is none, or it cannot be found out. */
export function findRelease(feed: ReleaseFeed, question: ReleaseQuestion): Promise<Release> {
  if ('github' in feed) return fromGitHub(feed.github, feed.files, question);
  if ('githubNotes' in feed) return fromGitHubNotes(feed.githubNotes, feed.files, question);
  if ('hashicorp' in feed) return fromHashicorp(feed.hashicorp, question);
  if ('eclipse' in feed) return fromEclipse(feed.eclipse, question);
  return fromZigtools(feed.zigtools, question);
}

async function fromGitHub(repository: string, files: PlatformFiles, question: ReleaseQuestion): Promise<Release> {
  const { version, assets } = await latestOnGitHub(repository, question);
  const pattern = fileFor(files, question.platform);
  const asset = assets.find(({ name }) => pattern?.test(name));
  if (!asset) throw nothingFor(question, `${repository} ${version}`);
  const digest = /^sha256:([0-9a-f]{64})$/.exec(asset.digest ?? '')?.[1];
  return { version, url: asset.browser_download_url, ...(digest !== undefined && { sha256: digest }) };
}

async function fromGitHubNotes(repository: string, files: PlatformFiles, question: ReleaseQuestion): Promise<Release> {
  const { version, body } = await latestOnGitHub(repository, question);
  const pattern = fileFor(files, question.platform);
  const url = [...body.matchAll(/https:\/\/[^\s()<>"\]]+/g)].find(([link]) => pattern?.test(fileName(link)))?.[0];
  if (url === undefined) throw nothingFor(question, `${repository} ${version}`);
  return { version, url, sha256: await checksum(`${url}.sha256`, fileName(url), question) };
}

async function latestOnGitHub(repository: string, { downloads, signal }: ReleaseQuestion) {
  const url = `https://api.github.com/repos/${repository}/releases/latest`;
  const { tag_name: version, assets = [], body = '' } = await downloads.json<GitHubRelease>(url, signal);
  if (version === undefined) throw new Error(`${url} names no release`);
  return { version, assets, body };
}

async function fromHashicorp(product: string, question: ReleaseQuestion): Promise<Release> {
  const latest = `https://api.releases.hashicorp.com/v1/releases/${product}/latest`;
  const {
    version,
    builds = [],
    url_shasums: sums,
  } = await question.downloads.json<HashicorpRelease>(latest, question.signal);
  const [os, arch] = question.platform.split('-');
  const build = builds.find((each) => each.os === os && each.arch === (arch === 'x64' ? 'amd64' : arch));
  if (version === undefined || sums === undefined || !build) throw nothingFor(question, product);
  return { version, url: build.url, sha256: await checksum(sums, fileName(build.url), question) };
}

async function fromEclipse(folder: string, question: ReleaseQuestion): Promise<Release> {
  const base = `https://download.eclipse.org/${folder}`;
  const name = (await question.downloads.text(`${base}/latest.txt`, question.signal)).trim();
  if (!/^[\w.-]+\.tar\.gz$/.test(name)) throw new Error(`${base}/latest.txt does not name an archive`);
  const url = `${base}/${name}`;
  return { version: name.replace('.tar.gz', ''), url, sha256: await checksum(`${url}.sha256`, name, question) };
}

const ZIG_NAMES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', darwin: 'macos' };

async function fromZigtools(name: string, question: ReleaseQuestion): Promise<Release> {
  const { downloads, neededVersion = '', platform, signal } = question;
  const search = new URLSearchParams({ zig_version: neededVersion, compatibility: 'only-runtime' });
  const url = `https://releases.zigtools.org/v1/${name}/select-version?${search.toString()}`;
  const answer = await downloads.json<Record<string, unknown> & { version: string; message: string }>(url, signal);
  const [os = '', arch = ''] = platform.split('-');
  const target = [ZIG_NAMES[arch] ?? arch, ZIG_NAMES[os] ?? os];
  const build = (answer[target.join('-')] ?? answer[target.toReversed().join('-')]) as
    { tarball: string; shasum: string } | undefined;
  if (answer.version === undefined || !build)
    throw answer.message ? new Error(answer.message) : nothingFor(question, name);
  return { version: answer.version, url: build.tarball, sha256: build.shasum };
}

/** The SHA-256 of a file: from a list of `<digest>  <name>`, or from the only line of what is published beside it. */
async function checksum(url: string, name: string, { downloads, signal }: ReleaseQuestion): Promise<string> {
  const lines = (await downloads.text(url, signal)).trim().split('\n');
  const line = lines.length === 1 ? lines[0] : lines.find((each) => each.trim().split(/\s+\*?/)[1] === name);
  const digest = /^[0-9a-f]{64}(?=\s|$)/i.exec(line?.trim() ?? '')?.[0];
  if (digest === undefined) throw new Error(`${url} holds no SHA-256 of ${name}`);
  return digest.toLowerCase();
}

/** The last part of an address. */
export const fileName = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? '';

const nothingFor = ({ platform }: ReleaseQuestion, what: string) =>
  new Error(`${what} is not published for ${platform}`);
