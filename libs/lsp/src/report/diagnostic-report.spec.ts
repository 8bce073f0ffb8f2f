import type { Diagnostic } from '../client/diagnostic.js';
import { DiagnosticReport } from './diagnostic-report.js';

const at = (line: number, message: string, severity?: number): Diagnostic => ({
  range: { start: { line, character: 2 }, end: { line, character: 3 } },
  message,
  ...(severity !== undefined && { severity }),
});
const block = (where: string, path: string, ...lines: string[]) =>
  `\n\nLSP errors detected ${where}:\n<diagnostics file="${path}">\n${lines.join('\n')}\n</diagnostics>`;

describe('what a tool says of diagnostics', () => {
  it('is errors only, counted from 1', () => {
    const list = [
      at(0, 'one', 1),
      ...[2, 3, 4, undefined].map((severity) => at(1, 'other', severity)),
      at(8, 'two', 1),
    ];
    const report = new DiagnosticReport({ '/a': list, '/b': list.slice(1, 4) });
    expect(report.ofFile('/a')).toBe(block('in this file, please fix', '/a', 'ERROR [1:3] one', 'ERROR [9:3] two'));
    expect([report.ofFile('/b'), report.ofFile('/c')]).toEqual(['', '']);
  });

  it.each([
    [20, []],
    [21, ['... and 1 more']],
    [100, ['... and 80 more']],
  ])('is twenty lines at most: of %i', (count, more) => {
    const list = Array.from({ length: count }, (_, line) => at(line, 'bad', 1));
    const lines = Array.from({ length: 20 }, (_, line) => `ERROR [${line + 1}:3] bad`);
    expect(new DiagnosticReport({ '/a': list }).ofFile('/a')).toBe(
      block('in this file, please fix', '/a', ...lines, ...more),
    );
  });

  it('is about five other files at most, those without errors not counted, in their order', () => {
    const paths = ['/1', '/2', '/none', '/own', '/3', '/4', '/5', '/6'];
    const all = Object.fromEntries(paths.map((path) => [path, [at(0, 'bad', path === '/none' ? 2 : 1)]]));
    const other = (path: string) => block('in other files', path, 'ERROR [1:3] bad');
    const own = block('in this file, please fix', '/own', 'ERROR [1:3] bad');
    expect(new DiagnosticReport(all).ofProject('/own')).toBe(
      [other('/1'), other('/2'), own, other('/3'), other('/4'), other('/5')].join(''),
    );
    expect(new DiagnosticReport({ ...all, '/own': [] }).ofProject('/6')).toContain(
      'in this file, please fix:\n<diagnostics file="/6">',
    );
  });

  it('names the files of a patch as the tool calls them', () => {
    const report = new DiagnosticReport({ '/p/a': [at(0, 'bad', 1)], '/p/b': [], '/p/c': [at(0, 'bad', 1)] });
    const names = new Map([
      ['/p/b', 'b'],
      ['/p/a', 'a'],
    ]);
    expect(report.ofFiles(names)).toBe(block('in a, please fix', '/p/a', 'ERROR [1:3] bad'));
  });
});
