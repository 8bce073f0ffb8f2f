import type { CommandConfig } from '#libs/contract';

const INIT = `Look at this code base and write AGENTS.md at the root of the project: the notes that a coding agent needs before it works here.

Find out and write down:
- how to build, check and test, and how to run one single test;
- how the code is laid out: the main parts, what each is for, which may use which;
- the style that the code follows: imports, formatting, types, names, errors, tests;
- what is easy to get wrong here.

Take over what existing notes say, such as those in .cursor/rules/, .cursorrules, .github/copilot-instructions.md and the README. If there is an AGENTS.md already, improve it and keep what is still true. Write facts of this project that you have checked, no general advice; about 20 to 60 lines.

$ARGUMENTS`;

const REVIEW = `Review a change of this repository and report what is wrong with it. Change nothing.

What to review: $ARGUMENTS

- Nothing given: all changes that are not committed (git diff, git diff --cached, new files by git status --short).
- A commit: that commit (git show). A branch: what it has over the main branch (git diff main...BRANCH).
- The number or address of a pull request: that request (gh pr view, gh pr diff, if gh is there).

Read the whole files around the change, not the lines of the diff alone. Look first for wrong behaviour: cases that are not handled, broken callers, races, missing checks of input, leaks of data or resources. Then for what breaks the habits of this code base, and for slow code where it matters.

Report each finding with file and line, what happens and when, and how sure you are; the gravest first. Make sure of a finding before you report it. Leave out matters of taste and code that the change does not touch. If nothing is wrong, say so in one sentence.`;

/** The commands of the server itself, by name, in the order of `GET /command`. */
export const BUILT_IN_COMMANDS: Readonly<Record<string, CommandConfig>> = {
  init: { description: 'Write or improve AGENTS.md', template: INIT },
  review: {
    description: 'Review changes: a commit, a branch or a pull request; by default what is not committed',
    template: REVIEW,
    subtask: true,
  },
};
