import { shellScript } from './shell-script.js';

const of = (strings: TemplateStringsArray, ...values: unknown[]) => shellScript(strings.raw, values);

describe('shellScript', () => {
  it('makes parameters of values, whatever quotes stand around them', () => {
    expect(of`echo ${'a'} "b ${'c'}" 'd ${'e'}' "$(cat ${'f'})" "it's ${'g'}" \"${'h'}`).toEqual({
      script: `echo "\${1}" "b \${2}" 'd '"\${3}"'' "$(cat "\${4}")" "it's \${5}" \\""\${6}"`,
      parameters: ['a', 'c', 'e', 'f', 'g', 'h'],
    });
  });

  it('makes a word of each item of a list', () => {
    expect(of`rm ${['a b', ['c', 1]]} "${['x', 'y']}"`).toEqual({
      script: 'rm "${1}" "${2}" "${3}" "${4} ${5}"',
      parameters: ['a b', 'c', '1', 'x', 'y'],
    });
    expect(of`echo ${[]} ${0} ${null} ${undefined} ${true}`).toEqual({
      script: 'echo  "${1}" "${2}" "${3}" "${4}"',
      parameters: ['0', 'null', 'undefined', 'true'],
    });
  });

  it('puts raw text into the script, and follows its quotes', () => {
    expect(of`${{ raw: 'echo "' }}${'a'}"`).toEqual({ script: 'echo "${1}"', parameters: ['a'] });
  });

  it('takes objects that say what they are, and no others', () => {
    expect(of`cat ${new URL('file:///a')}`.parameters).toEqual(['file:///a']);
    for (const value of [{}, new Response('x'), new ReadableStream()])
      expect(() => of`cat < ${value}`).toThrow('streams are not supported');
  });
});
