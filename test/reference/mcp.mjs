// The same MCP servers at the built server and at the reference: states, switches, tools, prompts and resources, side by
// side. Not part of the test run, because the reference is a large download. See ../README.md.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mcpRows, servers } from './mcp-rows.mjs';
import { differences, withSides } from './side.mjs';
import { built, checks, reference } from './stage.mjs';

const { ScriptedModel } = await built('src/testing.js');
await using model = await ScriptedModel.start();
const { check, conclude } = checks(model);

// a web server that is none of MCP
const web = createServer((request, response) => response.writeHead(request.url === '/broken' ? 500 : 404).end('no'));
await once(web.listen(0, '127.0.0.1'), 'listening');
const mcp = servers(`http://127.0.0.1:${web.address().port}`);

await withSides(
  { model, reference: [await reference()], files: { 'a.txt': 'alpha\n' }, config: { mcp } },
  async (...sides) => {
    for (const { name, play, reasons } of mcpRows())
      await check([name, ...reasons.map(({ row }) => `(differs: ${row})`)].join(' '), async (expect) => {
        const [ours, theirs] = [await play(sides[0]), await play(sides[1])];
        const found = differences(ours, theirs);
        const left = found.filter((line) => !reasons.some(({ shows }) => shows.test(line)));
        expect(left.join('\n       '), '');
        // a difference that is gone is not to be named any longer
        for (const { row, shows } of reasons) if (!found.some((line) => shows.test(line))) expect('the same', row);
      });
  },
);
web.close();
conclude();
