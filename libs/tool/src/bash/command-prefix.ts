/** How many words name what a command does, by its first words; one, where nothing is said. */
const LENGTHS = new Map(
  Object.entries({
    1: 'cat cd chmod chown cp echo env export grep kill killall ln ls mkdir mv ps pwd rm rmdir sleep source tail touch unset which',
    2:
      'bazel brew bun cargo cdk cf cmake composer consul crictl deno docker eksctl firebase flyctl git go gradle helm ' +
      'heroku hugo ip kind kubectl kustomize make mc minikube mongosh mysql mvn ng npm nvm nx openssl pip pipenv pnpm ' +
      'poetry podman psql pulumi pyenv python rake rbenv redis-cli rustup serverless skaffold sls sst swift systemctl ' +
      'terraform tmux turbo ufw vault vercel volta wp yarn',
    3: 'aws az doctl gcloud gh sfdx',
  }).flatMap(([length, names]) => names.split(' ').map((name): [string, number] => [name, Number(length)])),
);

/** Commands whose second word takes another one. */
const PAIRS: Readonly<Record<string, string>> = {
  bun: 'run x',
  cargo: 'add run',
  consul: 'kv',
  deno: 'task',
  docker: 'builder compose container image network volume',
  eksctl: 'create',
  git: 'config remote stash',
  ip: 'addr link netns route',
  kind: 'create',
  kubectl: 'kustomize rollout',
  mc: 'admin',
  npm: 'exec init run view',
  openssl: 'req x509',
  pnpm: 'dlx exec run',
  podman: 'container image',
  pulumi: 'stack',
  terraform: 'workspace',
  vault: 'auth kv',
  yarn: 'dlx run',
};
for (const [name, seconds] of Object.entries(PAIRS))
  for (const second of seconds.split(' ')) LENGTHS.set(`${name} ${second}`, 3);

/**
 * The words of a command that say what it does, without what it does it to.
 *
 * @example commandPrefix(['npm', 'run', 'build', '--watch']) // ['npm', 'run', 'build']
 */
export function commandPrefix(words: readonly string[]): string[] {
  for (const known of [2, 1]) {
    const length = words.length >= known ? LENGTHS.get(words.slice(0, known).join(' ')) : undefined;
    if (length !== undefined) return words.slice(0, length);
  }
  return words.slice(0, 1);
}
