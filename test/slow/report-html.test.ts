import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html/render-html.js';
import { loadRun } from '../../src/report/load/load-run.js';
import { summarise } from '../../src/report/summarise.js';
import { drawFiguresOf } from '../../src/report/write-report.js';
import { plannedRun } from '../report/planned-run.js';
import { writeRun } from '../report/sample-run.js';

const CHROMIUM = process.env.SWEEPLINE_CHROMIUM ?? '/usr/bin/chromium';

const WIDTHS = { phone: 390, desktop: 1280 };

interface Opened {
  readonly page: Page;
  /** What the page asked for beyond itself, and what went wrong in it. */
  readonly requests: string[];
  readonly errors: string[];
}

describe.skipIf(!existsSync(CHROMIUM))(`report.html in ${CHROMIUM}`, () => {
  let browser: Browser;
  const files = new Map<string, string>();

  beforeAll(async () => {
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
    for (const language of ['en', 'zh']) {
      const grid = 'sweep.grid={model.cell: [rnn, gru, lstm], model.pooling: [last, max, mean]}';
      const settings = [grid, `report.language=${language}`, 'expect=["state = complete", "test.accuracy >= 0.83"]'];
      const data = summarise(await loadRun(writeRun(plannedRun('quickstart', settings))));
      const file = join(mkdtempSync(join(tmpdir(), 'sweepline-html-')), 'report.html');
      writeFileSync(file, renderHtml(data, await drawFiguresOf(data)));
      files.set(language, file);
    }
  });

  afterAll(() => browser?.close());

  async function open(language: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`file://${files.get(language)}`);
    return { page, requests: requests.slice(1), errors };
  }

  const cases = ['en', 'zh'].flatMap((language) =>
    Object.entries(WIDTHS).map(([name, width]) => [language, name, width] as const),
  );

  test.each(cases)('fits, asks for nothing and has no errors: %s, %s', async (language, _, width) => {
    const { page, requests, errors } = await open(language, width);
    expect(requests).toEqual([]);
    expect(errors).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.locator('h2').first().textContent()).toBe(language === 'zh' ? '断言' : 'Claims');
    // What is wider than the page scrolls by itself.
    const wide = await page.evaluate(
      `[...document.querySelectorAll('main > *')].filter((block) => block.getBoundingClientRect().right > innerWidth + 1).length`,
    );
    expect(wide).toBe(0);
    expect(await page.locator('figure svg').count()).toBe(5);
    const sizes = await page
      .locator('figure svg')
      .evaluateAll((svgs) => svgs.map((svg) => svg.getBoundingClientRect().height));
    expect(Math.min(...sizes)).toBeGreaterThan(60);
  });

  test('sorts a table by its heads: best first, then the other way, then as it was', async () => {
    const { page } = await open('en', 1280);
    const table = page.locator('.table table').nth(1);
    const column = async (): Promise<readonly number[]> =>
      (await table.locator('tbody tr td:nth-child(4)').allTextContents()).map((text) => Number.parseFloat(text));
    const before = await column();
    const head = table.locator('th').nth(3);
    await head.locator('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await column()).toEqual([...before].sort((a, b) => b - a));
    await page.keyboard.press('Enter');
    expect(await column()).toEqual([...before].sort((a, b) => a - b));
    await head.locator('button').click();
    expect(await column()).toEqual(before);
  });

  test('filters the rows of a table by words', async () => {
    const { page } = await open('en', 390);
    const input = page.getByRole('searchbox').first();
    await input.fill('lstm max');
    const rows = page.locator('.table table').nth(1).locator('tbody tr:visible');
    expect(await rows.count()).toBe(1);
    expect(await rows.first().textContent()).toContain('lstm');
    await input.fill('');
    expect(await rows.count()).toBe(9);
  });

  test('tells what a mark of a figure is', async () => {
    const { page } = await open('en', 1280);
    await page.locator('figure [aria-roledescription="point"]').first().hover({ force: true });
    expect(await page.locator('#tip').textContent()).toMatch(/^rnn, last: 0\.\d{4} ± 0\.\d{4}, n = 3$/);
  });

  test('hides a curve when its name is clicked, and shows it again', async () => {
    const { page } = await open('en', 1280);
    const lines = page.locator('figure.learning-curves .mark-line path:visible');
    const before = await lines.count();
    const name = page.locator('figure.learning-curves').getByRole('button', { name: 'lstm, max' });
    await name.click();
    expect(await name.getAttribute('aria-pressed')).toBe('false');
    // One in each of the panels.
    expect(await lines.count()).toBe(before - 4);
    await name.press('Enter');
    expect(await lines.count()).toBe(before);
  });

  test('tells the values of an epoch under the pointer', async () => {
    const { page, errors } = await open('en', 1280);
    await page
      .locator('figure.learning-curves .pane')
      .first()
      .hover({ position: { x: 3, y: 90 } });
    const lines = (await page.locator('#tip').textContent())!.split('\n');
    expect(lines[0]).toBe('1');
    expect(lines).toHaveLength(9);
    expect(lines[1]).toMatch(/^[\w, ]+: 0\.\d{2,4}$/);
    expect(errors).toEqual([]);
  });

  test('enlarges the part of the curves that is dragged over, its axes with it, and shows all again', async () => {
    const { page, errors } = await open('en', 1280);
    const figure = page.locator('figure.learning-curves');
    const labels = (): Promise<string[]> => figure.locator('.role-axis-label text').allTextContents();
    const paths = (): Promise<(string | null)[]> =>
      figure.locator('.mark-line path').evaluateAll((all) => all.map((path) => path.getAttribute('d')));
    const before = { labels: await labels(), paths: await paths() };
    await figure.locator('.pane').first().scrollIntoViewIfNeeded();
    const box = (await figure.locator('.pane').first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.5, { steps: 3 });
    await page.mouse.up();
    expect(await labels()).not.toEqual(before.labels);
    expect(await paths()).not.toEqual(before.paths);
    await figure.getByRole('button', { name: 'Show all' }).click();
    expect({ labels: await labels(), paths: await paths() }).toEqual(before);
    expect(errors).toEqual([]);
  });

  test('opens every figure over the window with the keyboard alone, zooms it, and gives the focus back', async () => {
    const { page, errors } = await open('zh', 1280);
    const width = async (): Promise<number> =>
      (await page.locator('dialog[open] svg, figure.table-1 svg').first().boundingBox())!.width;
    const openers = page.getByRole('button', { name: '放大查看' });
    expect(await openers.count()).toBe(5);
    const names = await openers.evaluateAll((all) => all.map((button) => button.getAttribute('aria-label')!));
    for (const name of names) expect(name).toMatch(/^放大查看: .+/);
    const opener = page.locator('figure.table-1 .enlarge');
    const before = { width: await width(), html: await page.locator('main').innerHTML() };
    for (const key of ['Enter', ' ']) {
      await opener.focus();
      await page.keyboard.press(key);
      const dialog = page.getByRole('dialog');
      expect(await dialog.getAttribute('aria-label')).toBe(names[2]!.replace('放大查看: ', ''));
      const opened = await width();
      expect(opened).toBeGreaterThanOrEqual(before.width * 1.49);
      await page.keyboard.press('+');
      expect(await width()).toBeCloseTo(opened * 1.4, 0);
      await page.keyboard.press('-');
      expect(await width()).toBeCloseTo(opened, 0);
      await page.keyboard.press('0');
      const { height } = (await dialog.locator('svg').boundingBox())!;
      expect(height).toBeLessThanOrEqual(900);
      // What is behind cannot be reached, and the dialog's own buttons can.
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Shift+Tab');
      expect(await page.evaluate('document.activeElement.closest("dialog") !== null')).toBe(true);
      await page.keyboard.press('Escape');
      expect(await dialog.count()).toBe(0);
      expect(await page.evaluate('document.activeElement.closest("figure").className')).toBe('table-1');
      expect(await width()).toBeCloseTo(before.width, 0);
    }
    const after = await page.locator('main').innerHTML();
    expect(after.replaceAll(' style=""', '')).toBe(before.html);
    expect(errors).toEqual([]);
  });

  test('keeps a figure of the dialog alive: marks tell, curves hide, and no tip is left behind', async () => {
    const { page } = await open('en', 1280);
    await page.locator('figure.learning-curves .enlarge').click();
    const lines = page.locator('dialog .mark-line path:visible');
    const before = await lines.count();
    await page.locator('dialog').getByRole('button', { name: 'lstm, max' }).click();
    expect(await lines.count()).toBe(before - 4);
    await page
      .locator('dialog .pane')
      .first()
      .hover({ position: { x: 3, y: 90 } });
    expect(await page.locator('#tip').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('#tip').isVisible()).toBe(false);
  });

  test('enlarges on a phone by a tap, and further by two fingers', async () => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    const page = await context.newPage();
    await page.goto(`file://${files.get('en')}`);
    const opener = page.locator('figure.learning-curves .enlarge');
    expect((await opener.boundingBox())!.height).toBeGreaterThanOrEqual(43);
    await opener.tap();
    const svg = page.locator('dialog svg');
    const width = async (): Promise<number> => (await svg.boundingBox())!.width;
    const opened = await width();
    expect(opened).toBeGreaterThan(390);
    const devtools = await context.newCDPSession(page);
    const touch = async (type: string, apart: number | null): Promise<void> => {
      const fingers = apart === null ? [] : [-1, 1].map((side, id) => ({ x: 195 + (side * apart) / 2, y: 400, id }));
      await devtools.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: fingers });
    };
    await touch('touchStart', 100);
    await touch('touchMove', 150);
    await touch('touchMove', 200);
    await touch('touchEnd', null);
    expect(await width()).toBeCloseTo(opened * 2, -1);
    expect(await page.evaluate('visualViewport.scale')).toBe(1);
    await page.getByRole('button', { name: 'Close' }).tap();
    expect(await page.getByRole('dialog').count()).toBe(0);
    // A finger that is put on a mark is told what it is.
    await page.locator('figure.intervals [aria-roledescription="point"]').first().tap({ force: true });
    expect(await page.locator('#tip').textContent()).toMatch(/^rnn, last: 0\.\d{4}/);
    await context.close();
  });

  test('is dark where the reader likes it dark, with enough contrast', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page } = await open('en', 1280, scheme);
      const colors = (await page.evaluate(
        '(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.body))',
      )) as string[];
      const [paper, ink] = colors.map((color) => color.match(/\d+/g)!.slice(0, 3).map(Number));
      expect(luminance(paper!) < 0.2).toBe(scheme === 'dark');
      const [high, low] = [luminance(paper!), luminance(ink!)].sort((a, b) => b - a);
      expect((high! + 0.05) / (low! + 0.05)).toBeGreaterThan(7);
    }
  });

  test('prints all of it, without what is for the screen', async () => {
    const { page } = await open('en', 1280);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.getByRole('searchbox').first().isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000);
  });

  test('reads without its script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(`file://${files.get('en')}`);
    expect(await page.locator('.table table').nth(1).locator('tbody tr').count()).toBe(9);
    expect(await page.getByRole('searchbox').count()).toBe(0);
  });
});

/** WCAG's relative luminance of an sRGB colour. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
