import { matchWildcard } from '#libs/permission';
import { CommandAnalysisService } from './command-analysis.service.js';
import { meaningOf } from './command-spellings.js';

describe('plain forms of a command', () => {
  const service = new CommandAnalysisService();
  /** Whether a rule that forbids fits the command in one of its forms. */
  async function isCaught(command: string, rule: string): Promise<boolean> {
    const { patterns, spellings } = await service.analyse(command);
    return [...patterns, ...Object.values(spellings).flat()].some((text) => matchWildcard(text, rule));
  }

  it.each([
    'rm -rf x',
    '\\rm -rf x',
    "'rm' -rf x",
    '"rm" -rf x',
    "r''m x",
    'r\\m x',
    "$'rm' x",
    "$'\\x72\\155' x",
    '/bin/rm -rf x',
    './../bin/rm x',
    'FOO=1 rm x',
    'env rm x',
    'env -i FOO=1 -u BAR /usr/bin/rm x',
    'env -S "rm x"',
    'command rm x',
    'command -p rm x',
    'builtin command rm x',
    'exec -a name rm x',
    'nohup rm x &',
    'sudo -u root -g wheel rm x',
    'sudo env nice -n 10 rm x',
    'timeout 5 rm x',
    'timeout -k 5 10s rm x',
    'time rm x',
    'find . -name "*.o" -exec rm {} +',
    'ls | xargs -n 1 rm -f',
    'busybox rm x',
    'bash -c "rm x"',
    "sh -ec 'cd y && /bin/rm x'",
    `bash -c "sh -c 'rm x'"`,
    'eval "rm x"',
    "eval 'r''m' x",
    'rm x > /dev/null 2>&1',
    'if true; then command rm x; fi',
    'echo $(command rm x)',
  ])('%s is rm', async (command) => expect(await isCaught(command, 'rm *')).toBe(true));

  it.each(['echo rm x', 'sudo echo rm x', 'grep -r "rm x" .', 'env FOO=rm ls', 'ls rm', 'bash rm.sh', 'git rm x'])(
    '%s is not',
    async (command) => expect(await isCaught(command, 'rm *')).toBe(false),
  );

  it('has words without quotes, for rules with several', async () => {
    expect(await isCaught('git "push" origin', 'git push *')).toBe(true);
    expect(await isCaught("/usr/bin/git 'push' --force", 'git push --force')).toBe(true);
  });

  it('says nothing where the text is plain', async () => {
    expect((await service.analyse('rm x && git status')).spellings).toEqual({});
    expect((await service.analyse('/bin/rm x')).spellings).toEqual({ '/bin/rm x': ['rm x'] });
  });

  it('takes each word that may be the command', () => {
    expect(meaningOf(['sudo', '-u', 'me', '/bin/rm', 'x', 'y']).lines).toEqual([
      'sudo -u me /bin/rm x y',
      'me /bin/rm x y',
      'rm x y',
    ]);
    expect(meaningOf(Array.from({ length: 50 }, () => 'env')).lines.length).toBeLessThan(20);
  });
});
