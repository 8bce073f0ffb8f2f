// Makes the same calls of tools at the built server and at the reference, and compares what clients see of them: states
// and outputs, and what is asked for. Not part of the test run, because the reference is a large download. See
// ../README.md.
import { delimiter, dirname } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { differences, withSides } from './side.mjs';
import { CALLS, FILES, OUTSIDE } from './tool-calls.mjs';
import { built, checks, reference } from './stage.mjs';

const { ScriptedModel } = await built('src/testing.js');
await using model = await ScriptedModel.start();
const { check, conclude } = checks(model);
const options = {
  model,
  reference: [await reference()],
  files: FILES,
  outside: OUTSIDE,
  config: { experimental: { batch_tool: true } },
  // the reference looks there for ripgrep, and would download it
  variables: (own) => ({ ...own, PATH: [own.PATH, dirname(rgPath)].join(delimiter) }),
};

for (const [modelID, calls] of Object.entries(CALLS))
  await withSides({ ...options, modelID }, async (ours, theirs) => {
    for (const { name, steps, differs } of calls)
      await check(differs ? `${name} (differs: ${differs})` : name, async (expect) => {
        const found = differences(await ours.play(steps), await theirs.play(steps));
        if (differs) expect(found.length > 0, true);
        else expect(found.join('\n       '), '');
      });
  });
conclude();
