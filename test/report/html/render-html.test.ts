import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../src/report/html/render-html.js';
import { loadRun } from '../../../src/report/load/load-run.js';
import { summarise } from '../../../src/report/summarise.js';
import { drawFiguresOf } from '../../../src/report/write-report.js';
import { plannedRun } from '../planned-run.js';
import { type SampleRun, sampleRun, writeRun } from '../sample-run.js';

async function pageOf(run: SampleRun): Promise<string> {
  const data = summarise(await loadRun(writeRun(run)));
  return renderHtml(data, await drawFiguresOf(data));
}

describe('report.html', () => {
  test('asks for nothing from outside, and forbids it', async () => {
    const page = await pageOf(sampleRun());
    expect(page).not.toMatch(/<(link|img|iframe|object|embed|base)\b|\bsrc=|@import|url\((?!#)|<script[^>]+src/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`);
  });

  test('has the content of the Markdown report, its figures in it', async () => {
    const page = await pageOf(sampleRun());
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('<title>sample</title>');
    for (const heading of ['Results', 'Figures', 'Comparisons', 'Per epoch', 'Provenance']) {
      expect(page).toMatch(new RegExp(`<h2 id="s\\d+">${heading}</h2>`));
      expect(page).toMatch(new RegExp(`<a href="#s\\d+">${heading}</a>`));
    }
    expect(page).toContain('<td class="n"><strong>0.8226 ± 0.0100</strong></td>');
    expect(page.match(/<figure class="[\w-]+" aria-label="[^"]+" tabindex="0"><svg/g)).toHaveLength(3);
  });

  test('holds no control character that a name brought along', async () => {
    const name = 'form\f, \u001b[1m and \u0000';
    const run = plannedRun('quickstart', [`sweep={seeds: 2, list: [{name: base}, {name: ${JSON.stringify(name)}}]}`]);
    const page = await pageOf(run);
    expect(page).toContain('form\ufffd, \ufffd[1m and \ufffd');
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });

  test('gives every id once', async () => {
    const ids = [...(await pageOf(sampleRun())).matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('shows text from data as text, wherever it stands', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)> & "q" [a](javascript:alert(3)) `c`';
    const run = sampleRun({
      arms: [
        { id: '001-a', label: evil, settings: {} },
        { id: '002-b', label: 'b', settings: {} },
      ],
      pipeline: JSON.stringify({
        name: 'x',
        description: evil,
        report: { title: evil, notes: [evil] },
        expect: [evil],
      }),
    });
    const page = await pageOf(run);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|onerror=alert\(2\)>(?!)|href="javascript/i);
    expect(page).toContain('<title>&#60;script&#62;alert(1)&#60;/script&#62;');
  });

  test('keeps what the author wrote as Markdown, with links that are safe', async () => {
    const notes = [
      'See **this** [page](https://example.org/?a=1&b=2), not [that](javascript:alert(1)) ![x](http://evil/x.png).',
    ];
    const page = await pageOf(sampleRun({ pipeline: JSON.stringify({ report: { notes } }) }));
    expect(page).toContain(
      'See <strong>this</strong> <a href="https://example.org/?a=1&#38;b=2" rel="noopener noreferrer">page</a>, not that x.',
    );
  });

  test('is the same bytes for the same data', async () => {
    expect(await pageOf(sampleRun())).toBe(await pageOf(sampleRun()));
  });
});
