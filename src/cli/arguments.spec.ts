import { parseArguments, wordsOf } from './arguments.js';
import { UsageError } from './command.js';
import { networkOptions, serve } from './serve.js';

const parse = (...argv: string[]) => parseArguments(argv, serve.options);
const network = (...argv: string[]) => networkOptions(parse('serve', ...argv));

describe('command line', () => {
  it('finds the command between options and their values', () => {
    expect(wordsOf(['--log-level', 'DEBUG', '--port', '1', 'serve', 'x'], serve.options)).toEqual(['serve', 'x']);
    expect(wordsOf(['--help'], serve.options)).toEqual([]);
  });

  it('takes options in every spelling', () => {
    expect(network('--port', '4711')).toEqual({ port: 4711 });
    expect(network('--port=4711', '--hostname=::1', '--mdns', '--mdns-domain', 'a.local')).toEqual({
      port: 4711,
      hostname: '::1',
      mdns: true,
      mdnsDomain: 'a.local',
    });
    expect(network('--no-mdns')).toEqual({ mdns: false });
    expect(network()).toEqual({});
  });

  it('gathers lists from repeated options and from words that follow', () => {
    const { options, words } = parse('serve', '--cors', 'http://a', 'http://b', '--mdns', '--cors=http://c');
    expect(options['cors']).toEqual(expect.arrayContaining(['http://a', 'http://b', 'http://c']));
    expect(words).toEqual(['serve']);
  });

  it.each([
    ['0', 'preferred'],
    ['-1', 'preferred'],
    ['', 'preferred'],
    ['abc', 0],
    ['4711.9', 4711],
    ['99999', 99_999],
  ])('reads the port %j as %j', (text, port) => {
    expect(network(`--port=${text}`)).toEqual({ port });
  });

  it.each([
    [['serve', '--unknown']],
    [['serve', '-x']],
    [['serve', '--port']],
    [['serve', '--mdns=yes']],
    [['serve', '--log-level', 'LOUD']],
  ])('refuses %j', (argv) => {
    expect(() => parse(...argv)).toThrow(UsageError);
  });
});
