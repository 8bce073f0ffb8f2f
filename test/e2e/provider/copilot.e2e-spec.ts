import { type ReceivedEvent, reply } from '../../../src/testing.js';
import { RunWorld } from '../../helpers/run-world.js';

it('Copilot is told what a person asks for, and what agents do by themselves', async () => {
  const world = await RunWorld.start();
  const copilot = { options: { baseURL: world.model.baseURL, apiKey: 'k' }, models: { 'gpt-4.1': {} } };
  const place = await world.place({
    config: {
      model: 'github-copilot/gpt-4.1',
      small_model: 'github-copilot/gpt-4.1',
      provider: { 'github-copilot': copilot },
    },
  });
  const task = { description: 'Count files', prompt: 'Count them.', subagent_type: 'general' };
  world.model.push(
    reply().tool('task', task),
    reply().text('Three files.'),
    reply().text('There are three.'),
    reply().text('You are welcome.'),
  );
  const session = await place.session();
  await place.prompt(session, 'How many files?');
  await place.prompt(session, 'Thanks');
  expect(world.model.requests.map(({ headers }) => headers['x-initiator'])).toEqual(['user', 'agent', 'agent', 'user']);
  // titles are made by the server
  const isTitled = ({ type, properties }: ReceivedEvent) =>
    type === 'session.updated' && properties['info'].title === 'A scripted title';
  await place.events.next(isTitled);
  expect(world.model.asides.map(({ headers }) => headers['x-initiator'])).toEqual(['agent']);
  await world.settle();
  await world.close();
});
