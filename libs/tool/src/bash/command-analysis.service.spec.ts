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

  // each part of its own begins with what no leave for `git *` covers
  it.each<[string, string[]]>([
    ['for ((i=x;i<2;i++)); do cd .; done', ['for ((i=x;i<2;i++)); do cd .; done']],
    ["x='a[$(touch w1)]'; [[ $x -eq 0 ]]", ["x='a[$(touch w1)]'; [[ $x -eq 0 ]]"]],
    ["[[ -v 'a[$(touch w33)]' ]]", ["[[ -v 'a[$(touch w33)]' ]]"]],
    ["x='$(touch q4)'; y=${x@P}", ["x='$(touch q4)'; y=${x@P}"]],
    ['x=1; (( x ))', ['x=1; (( x ))']],
    ['y=$(( x ))', ['y=$(( x ))']],
    ["x='a[$(touch w)]'; declare -i z=x", ["x='a[$(touch w)]'; declare -i z=x"]],
    ["git status; [[ -v 'a[$(touch h1)]' ]]", ['git status', "[[ -v 'a[$(touch h1)]' ]]"]],
    ["git status; x='$(touch h2)'; git status ${x@P}", ['git status', 'git status ${x@P}', '${x@P}']],
    ["x='a[$(touch h3)]'; git status $(( x ))", ['git status $(( x ))', '$(( x ))']],
    ["x='a[$(touch h4)]'; git status && (( x ))", ['git status', '(( x ))']],
    ["x='a[$(touch h5)]'; declare -i z=x; git status", ['git status', 'declare -i z=x']],
    [
      "x='a[$(touch h6)]'; for ((i=x;i<0;i++)); do git status; done",
      ['git status', 'for ((i=x;i<0;i++)); do git status; done'],
    ],
    ["git status; unset 'a[$(touch h7)]'", ['git status', "unset 'a[$(touch h7)]'"]],
    ['git status <<EOF; touch w26\nEOF', ['git status', '<<EOF; touch w26\nEOF']],
    ['git status ${x:-`touch w8`}', ['git status ${x:-`touch w8`}', '${x:-`touch w8`}', '`touch w8`}']],
    ['git status `# c`; touch w32', ['git status', '# c`; touch w32', '`# c`; touch w32']],
    ['git status <<EOF\n`touch w9`\nEOF', ['git status <<EOF\n`touch w9`\nEOF', '`touch w9`\nEOF']],
    ["git status <<'EOF'\n`touch w9`\nEOF", ["git status <<'EOF'\n`touch w9`\nEOF"]],
    ['{ cd .; } > q1', ['{ cd .; } > q1']],
    ['( cd . ) > q7', ['( cd . ) > q7']],
    ['if cd .; then cd .; fi > q10', ['if cd .; then cd .; fi > q10']],
    ['! cd . > q17', ['! cd . > q17']],
    ['cd . | cd . > q8', ['cd . | cd . > q8']],
    ['cd . && declare > q14', ['cd . && declare > q14']],
    ['git status; { cd .; } > q2', ['git status', '{ cd .; } > q2']],
    ['git status && ! cd . > q3', ['git status', '! cd . > q3']],
    ['> q5 cd .', ['> q5 cd .']],
    ['git () { cd .; } > q6; git', ['git', '() { cd .; } > q6']],
    ['git status $(<file)', ['git status $(<file)', '$(<file)']],
    ['x=$(<file)', ['x=$(<file)']],
    ['git status | cd . > q9', ['git status', 'cd . > q9']],
    ["RANDOM='a[$(touch r1)]'", ["RANDOM='a[$(touch r1)]'"]],
    ["git status; RANDOM='a[$(touch r2)]'", ['git status', "RANDOM='a[$(touch r2)]'"]],
    ['HISTFILE=a; HISTFILESIZE=0', ['HISTFILE=a; HISTFILESIZE=0']],
    ['PATH=.; git status', ['git status', 'PATH=.']],
    ['git `git \\`touch b1\\``', ['git `git \\`touch b1\\``', 'git \\`touch b1\\`', '`git \\`touch b1\\``']],
    [
      'git `git \\$(touch b2)`',
      ['git `git \\$(touch b2)`', 'git \\$(touch b2)', 'touch b2', '`git \\$(touch b2)`', '$(touch b2)`'],
    ],
    ['git status $[x]', ['git status $[x]', '$[x]']],
    ['git status ${!x}', ['git status ${!x}', '${!x}']],
    ['git status ${x:y}', ['git status ${x:y}', '${x:y}']],
    ['cd\\\n. a', ['cd\\\n. a']],
    ['git status "$\'`touch d1`\'"', ['git status "$\'`touch d1`\'"', 'touch d1']],
    ['\n\ngit status ${x:-`touch w8`}', ['git status ${x:-`touch w8`}', '${x:-`touch w8`}', '`touch w8`}']],
    ["cd a\ncd 'b c' # c", []],
    ['x=1 y="b c" && cd', []],
    [
      'git commit -m "$(cat <<\'EOF\'\nfoo (bar) `x`\nEOF\n)"',
      ['git commit -m "$(cat <<\'EOF\'\nfoo (bar) `x`\nEOF\n)"', "cat <<'EOF'\nfoo (bar) `x`\nEOF"],
    ],
    ['git a && git b > f', ['git a', 'git b', 'git b > f']],
    ['git log ${x:-HEAD} "${a[@]}" $((1+2)) # done', ['git log ${x:-HEAD} "${a[@]}" $((1+2))']],
    [
      "git a <<E'O'F\nx\nEOF\ntouch e1\nE'O'F",
      ["git a <<E'O'F\nx\nEOF\ntouch e1\nE'O'F", "<<E'O'F\nx\nEOF\ntouch e1\nE'O'F"],
    ],
    ['git a <<-EOF\n\tx\n\tEOF\ntouch e2', ['git a <<-EOF\n\tx\n\tEOF', 'touch e2']],
    ['cd $x && git a', ['git a']],
    ['git a; a[x]=1', ['git a', 'a[x]']],
    ['git a 2>&1 | git b 2>/dev/null', ['git a 2>&1', 'git b']],
    ['{ git a; } 2>/dev/null', ['git a']],
    ['git a; coproc (( x ))', ['git a', 'coproc (( x ))', 'x', '(( x ))']],
  ])('hidden parts of %j', async (command, patterns) => {
    expect((await service.analyse(command)).patterns).toEqual(patterns);
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
