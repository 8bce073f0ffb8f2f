// Drives the built server with the unmodified terminal client of the reference: `opencode attach` in tmux. Not part of
// the test run, because the client is a large download and needs a terminal. See ../README.md.
import { rm } from 'node:fs/promises';
import { built, checks, environment, startServer, temporaryHome } from './stage.mjs';
import { pause, TerminalClient } from './terminal-client.mjs';

const { reply, scriptedProvider, ScriptedModel, TemporaryProject } = await built('src/testing.js');
const home = await temporaryHome();
await using model = await ScriptedModel.start();
await using project = await TemporaryProject.create({
  git: true,
  files: { 'a.txt': 'hello\n', 'notes.md': '# Notes\n' },
  config: { ...scriptedProvider(model), permission: { bash: { '*': 'allow', 'rm *': 'ask' } } },
});
const server = await startServer(project.directory, environment(home, 'server'));
const { check, conclude } = checks(model);
const client = await TerminalClient.start({ home, server, project });
const { keys, prompt, shows, call, execute, idle } = client;
const newest = async () => (await call('/session?roots=true'))[0];

try {
  await check('starts', async () => {
    await shows(/Ask anything|Build/);
    await shows(/Test|scripted/i);
    // what is typed before it has read everything is lost
    await pause(2_000);
  });

  await check('shows an answer, and the title that the session gets', async () => {
    model.push(reply().text('Hello from ', 'the script.'));
    await prompt('Say hello');
    await shows('Hello from the script.');
  });

  await check('shows reasoning and tools', async () => {
    model.push(
      reply()
        .reasoning('I think so.')
        .tools(
          { name: 'read', arguments: { filePath: project.path('a.txt') } },
          { name: 'bash', arguments: { command: 'echo from-bash', description: 'Says something' } },
        ),
      reply().tool('edit', { filePath: project.path('a.txt'), oldString: 'hello', newString: 'hullo' }),
      reply().text('All tools ran.'),
    );
    await prompt('Use tools');
    await shows('All tools ran.');
    await shows('from-bash');
    await shows(/Edit a\.txt/);
  });

  for (const [answer, press, after] of [
    ['allows', ['Enter'], 'Removed it.'],
    ['rejects', ['Right', 'Right', 'Enter'], undefined],
  ])
    await check(`asks for permission, and the user ${answer} it`, async (expect) => {
      model.push(reply().tool('bash', { command: 'rm -f nothing', description: 'Removes' }));
      if (after) model.push(reply().text(after));
      await prompt('Remove it');
      await shows(/Permission required/i);
      await keys(...press);
      await shows(/Permission required/i, false);
      if (after) await shows(after);
      expect((await call('/permission')).length, 0);
      await idle();
    });

  await check('asks a question', async () => {
    const options = [
      { label: 'Red', description: 'the first' },
      { label: 'Blue', description: 'the second' },
    ];
    model.push(
      reply().tool('question', { questions: [{ question: 'Which colour?', header: 'Colour', options }] }),
      reply().text('Blue it is.'),
    );
    await prompt('Ask me');
    await shows('Which colour?');
    await keys('Down', 'Enter');
    await shows('Blue it is.');
    await idle();
  });

  await check('queues a second prompt, and shows both answers', async () => {
    let go;
    model.push(
      reply()
        .text('Wait… ')
        .wait(new Promise((resolve) => (go = resolve)))
        .text('first done.'),
    );
    model.push(reply().text('Second done.'));
    await prompt('One');
    await shows('Wait…');
    await prompt('Two');
    await shows('QUEUED');
    go();
    await shows('first done.');
    await shows('Second done.');
    await shows('QUEUED', false);
    await idle();
  });

  await check('marks two queued prompts until their turn, however many steps the one before takes', async (expect) => {
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers());
    const say = (text) => ({ command: `echo ${text}`, description: `Says ${text}` });
    model.push(
      reply().text('Step one. ').wait(gates[0].promise).tool('bash', say('alpha')),
      reply().text('Step two. ').wait(gates[1].promise).tool('bash', say('beta')),
      reply().text('Step three. ').wait(gates[2].promise).text('Long turn done.'),
      reply().text('Next one. ').wait(gates[3].promise).text('Next turn done.'),
      reply().text('Last turn done.'),
    );
    const queued = () => client.screen.match(/QUEUED/g)?.length ?? 0;
    await prompt('A long one');
    await shows('Step one.');
    await prompt('The next one');
    await shows('QUEUED');
    await prompt('The last one');
    await shows(/QUEUED[^]*QUEUED/);
    for (const [index, step] of ['Step two.', 'Step three.'].entries()) {
      gates[index].resolve();
      await shows(step);
      await shows(/QUEUED[^]*QUEUED/);
      expect(queued(), 2);
      // what is queued stands below all that the turn says
      expect(client.screen.indexOf(step) < client.screen.indexOf('The next one'), true);
    }
    gates[2].resolve();
    await shows('Next one.');
    await shows(/QUEUED[^]*QUEUED/, false);
    expect(
      [queued(), client.screen.indexOf('Long turn done.') < client.screen.indexOf('The next one')].join(),
      '1,true',
    );
    gates[3].resolve();
    await shows('Last turn done.');
    await shows('QUEUED', false);
    await idle();
  });

  await check('interrupts an answer', async () => {
    model.push(reply().text('For ever').hang());
    await prompt('Talk');
    await shows('For ever');
    await keys('Escape', 'Escape');
    await shows(/interrupted/i);
    await idle();
  });

  await check('runs a shell command', async () => {
    await keys('!');
    await prompt('echo shell-says-$((40+2))');
    await shows('shell-says-42');
    await idle();
  });

  await check('undoes and redoes', async (expect) => {
    model.push(
      reply().tool('write', { filePath: project.path('new.txt'), content: 'new\n' }),
      reply().text('Wrote it.'),
    );
    await prompt('Write a file');
    await shows('Wrote it.');
    await idle();
    await execute('session.undo');
    await shows(/reverted/i);
    expect(await project.read('new.txt').catch(() => 'gone'), 'gone');
    await execute('session.redo');
    await shows(/reverted/i, false);
    expect(await project.read('new.txt'), 'new\n');
    await call('/tui/clear-prompt', undefined, 'POST');
  });

  await check('compacts the session', async () => {
    model.push(reply().text('A summary of all that.'));
    await execute('session.compact');
    await shows('A summary of all that.');
    await shows(/Compaction/i);
    await idle();
  });

  await check('does what the routes under /tui say', async (expect) => {
    await call('/tui/show-toast', { message: 'A toast for you', variant: 'info' });
    await shows('A toast for you');
    await call('/tui/append-prompt', { text: 'remotely typed' });
    await shows('remotely typed');
    await call('/tui/clear-prompt', undefined, 'POST');
    await shows('remotely typed', false);
    model.push(reply().text('Remotely answered.'));
    await call('/tui/append-prompt', { text: 'remote prompt' });
    // the client sends what it has drawn
    await shows('remote prompt');
    await call('/tui/submit-prompt', undefined, 'POST');
    await shows('Remotely answered.');
    await idle();
    for (const [route, sign] of [
      ['open-models', /Select model/i],
      ['open-sessions', /Sessions/],
      ['open-themes', /Themes/],
      ['open-help', /Help/],
    ]) {
      await call(`/tui/${route}`, undefined, 'POST');
      await shows(sign);
      await keys('Escape');
      await shows(sign, false);
    }
    await call('/tui/execute-command', { command: 'session_new' });
    await shows('Remotely answered.', false);
    const { id } = await newest();
    await call('/tui/select-session', { sessionID: id });
    await shows('Remotely answered.');
    expect(typeof id, 'string');
  });

  await check('renames and deletes a session', async (expect) => {
    const { id } = await newest();
    await execute('session.rename');
    await shows(/Rename/i);
    await keys('C-u');
    await prompt('Named by hand');
    await shows('Named by hand');
    expect((await call(`/session/${id}`)).title, 'Named by hand');
    await execute('session.list');
    await shows('Sessions');
    await shows('Named by hand');
    await keys('C-d');
    await shows(/again to confirm/i);
    await keys('C-d');
    await gone(id);
    await keys('Escape');
    await shows('Sessions', false);
  });

  await check('goes on after the server was started again', async () => {
    await server.restart();
    await shows(/Build/);
    model.push(reply().text('Still here.'));
    await pause(8_000);
    await prompt('Are you there?');
    await shows('Still here.');
  });

  await check('ends', async (expect) => {
    await execute('app.exit');
    await pause(1_500);
    const left = await client.tmux('list-sessions').catch(() => undefined);
    expect(left?.stdout.includes('client') ?? false, false);
  });
} finally {
  await client.stop();
  await server.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}
conclude();

/** Waits until a session is deleted. */
async function gone(id) {
  const end = Date.now() + 15_000;
  while ((await call('/session')).some((session) => session.id === id)) {
    if (Date.now() > end) throw new Error(`The session was not deleted:\n${client.screen}`);
    await pause(100);
  }
}
