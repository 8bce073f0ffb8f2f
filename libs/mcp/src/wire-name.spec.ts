import { toolId, wireName } from './wire-name.js';

describe('names on the wire', () => {
  it.each([
    ['my fs', 'read_file', 'my_fs_read_file'],
    ['weird name/é', 'x', 'weird_name___x'],
    ['a-b', 'c.d', 'a-b_c_d'],
  ])('of %s and %s', (server, tool, id) => expect(toolId(server, tool)).toBe(id));

  it('are short enough for models, and differ', () => {
    const [first, second] = ['a', 'b'].map((end) => toolId('server', `${'x'.repeat(80)}${end}`));
    expect(first).toMatch(/^server_x{48}_[0-9a-f]{8}$/);
    expect(first).toHaveLength(64);
    expect(second).not.toBe(first);
    expect(wireName('ok_Name-1')).toBe('ok_Name-1');
  });
});
