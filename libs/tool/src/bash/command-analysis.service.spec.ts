import { CommandAnalysisService } from './command-analysis.service.js';
import { commandPrefix } from './command-prefix.js';

describe('CommandAnalysisService', () => {
  const service = new CommandAnalysisService();

  it.each<[string, string[], string[]]>([
    [
      'git status && git log --oneline -1 | head -1',
      ['git status', 'git log --oneline -1', 'head -1'],
      ['git status *', 'git log *', 'head *'],
    ],
    [
      'npm run build --foo; docker compose up -d; FOO=1 env',
      ['npm run build --foo', 'docker compose up -d', 'FOO=1 env'],
      ['npm run build *', 'docker compose up *', 'env *'],
    ],
    ['echo $(whoami) "a b"', ['echo $(whoami) "a b"', 'whoami'], ['echo *', 'whoami *']],
    ['for i in 1 2; do echo $i; done', ['echo $i'], ['echo *']],
    ['ls 2>/dev/null | grep x > out.log', ['ls 2>/dev/null', 'grep x'], ['ls *', 'grep *']],
    ['bash -c "rm -rf /x"', ['bash -c "rm -rf /x"'], ['bash *']],
    ['unterminated "quote', ['unterminated'], ['unterminated *']],
    ['cat <<EOF > x\nhi\nEOF', ['cat <<EOF > x\nhi\nEOF'], ['cat *']],
    ['(cd a && ls); if true; then pwd; fi', ['ls', 'true', 'pwd'], ['ls *', 'true *', 'pwd *']],
    ['ls; ls', ['ls'], ['ls *']],
    ['cd src', [], []],
    ['FOO=bar', [], []],
    ['# a comment', [], []],
    ['', [], []],
    // what the shell would run all the same
    ['FOO=$(rm x)', ['rm x'], ['rm *']],
    ['> file', ['> file'], ['> file']],
    ['cd x > y', ['cd x > y'], ['cd *']],
    ['))((', ['))(('], ['))((']],
  ])('%j', async (command, patterns, always) => {
    expect(await service.analyse(command)).toMatchObject({ patterns, always });
  });

  it.each<[string, string[]]>([
    ['cat /other/f.txt README.md', ['/other/f.txt', 'README.md']],
    ['rm -rf a -- b', ['a', 'b']],
    ['chmod +x run.sh; chmod -R 644 y', ['run.sh', 'y']],
    ['cp "a b" \'c d\' e\\ f /x/"y"z', ['a b', 'c d', 'e f', '/x/yz']],
    ['cat "$HOME/x" $DIR/y', ['$HOME/x', '$DIR/y']],
    ['"cat" /etc/passwd', ['/etc/passwd']],
    ['cd /tmp && touch z', ['/tmp', 'z']],
    ['ls /other; echo x > /other/y; grep -r a /other', []],
  ])('paths of %j', async (command, paths) => {
    expect((await service.analyse(command)).paths).toEqual(paths);
  });

  it.each([
    ['ls -la /tmp', 'ls'],
    ['git', 'git'],
    ['git commit -m x', 'git commit'],
    ['git remote add origin', 'git remote add'],
    ['git config user.name', 'git config user.name'],
    ['bun x tsc -p', 'bun x tsc'],
    ['bun test a', 'bun test'],
    ['aws s3 ls bucket', 'aws s3 ls'],
    ['gh pr view 1', 'gh pr view'],
    ['kubectl rollout status x', 'kubectl rollout status'],
    ['kubectl get pods', 'kubectl get'],
    ['npm view x version', 'npm view x'],
    ['yarn', 'yarn'],
    ['./script.sh a b', './script.sh'],
  ])('prefix of %j is %j', (command, prefix) => {
    expect(commandPrefix(command.split(' ')).join(' ')).toBe(prefix);
  });
});
