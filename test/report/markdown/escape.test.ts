import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authored, escapeInline, fenced } from '../../../src/report/markdown/escape.js';
import { tableOf } from '../../../src/report/markdown/table.js';

describe('text from data', () => {
  test.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a|b', 'a\\|b'],
    ['`code`', '\\`code\\`'],
    ['A&B', 'A&amp;B'],
    ['**bold** [link](x) ~s~', '\\*\\*bold\\*\\* \\[link\\](x) \\~s\\~'],
    ['one\r\n  two\u2028three', 'one two three'],
    ['back\\slash', 'back\\\\slash'],
    ['model_name stays, _this_ does not lean', 'model_name stays, \\_this\\_ does not lean'],
    ['# no heading', '\\# no heading'],
    ['1. no list', '1\\. no list'],
    ['\u001b[31mred\u202e', '\ufffd\\[31mred\ufffd'],
  ])('%j shows as itself', (text, expected) => expect(escapeInline(text)).toBe(expected));

  test('never breaks out of its table cell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const table = tableOf([
          { header: 'a', cells: [escapeInline(text)] },
          { header: 'b', cells: ['x'] },
        ]);
        const lines = table.split('\n');
        expect(lines).toHaveLength(3);
        expect(lines[2]!.replaceAll('\\\\', '').replaceAll('\\|', '').split('|')).toHaveLength(4);
        expect(lines[2]).not.toMatch(/[<>]/);
      }),
    );
  });
});

test('a fence is longer than any run of backticks in it', () => {
  expect(fenced('a\n```\nb\n')).toBe('````text\na\n```\nb\n````');
});

test('an author’s paragraph keeps its Markdown, but not its HTML', () => {
  expect(authored('See *this*, `<b>` and <https://example.org>. <img src=x onerror=y>')).toBe(
    'See *this*, `<b>` and <https://example.org>. &lt;img src=x onerror=y>',
  );
});
