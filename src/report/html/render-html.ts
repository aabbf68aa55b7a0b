import type { Tokens } from 'marked';
import type { Drawing } from '../figures/draw.js';
import { type Block, blocksOf, childrenOf, type Inline, plainText, unescaped } from '../formats/document.js';
import { labelsOf } from '../labels.js';
import { oneLine } from '../markdown/escape.js';
import { renderMarkdown } from '../markdown/render-markdown.js';
import type { ReportData } from '../report-data.js';
import { ENLARGE_SCRIPT } from './enlarge-script.js';
import { FIGURE_SCRIPT } from './figure-script.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';

/**
 * A report as one HTML file that asks for nothing from outside: the Markdown report's content, tables that sort and
 * filter, figures inline. Works without its script. The same data gives the same bytes.
 */
export function renderHtml(data: ReportData, drawings: readonly Drawing[], markdown = renderMarkdown(data)): string {
  const label = labelsOf(data.report.language);
  const blocks = blocksOf(markdown);
  const figures = new Map(drawings.map(({ name, svg }) => [`figures/${name}.svg`, inlined(svg, name)]));
  const sections = blocks.filter((block) => block.type === 'heading' && block.depth === 2) as readonly Tokens.Heading[];
  const links = sections.map((heading, i) => `<a href="#s${i + 1}">${inline(heading.tokens, figures)}</a>`);
  let section = 0;
  const body = blocks.map((block) => {
    if (block.type === 'heading' && block.depth === 2) section++;
    return blockHtml(block, { figures, id: `s${section}` });
  });
  return [
    '<!doctype html>',
    `<html lang="${data.report.language === 'zh' ? 'zh-CN' : 'en'}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">`,
    '<meta name="generator" content="Sweepline">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(oneLine(data.run.title))}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    `<body data-filter="${escapeHtml(label('html.filter'))}" data-sort="${escapeHtml(label('html.sort'))}" data-hint="${escapeHtml(label('html.hint'))}" data-reset="${escapeHtml(label('html.reset'))}" data-enlarge="${escapeHtml(label('html.enlarge'))}" data-zoom-in="${escapeHtml(label('html.zoom-in'))}" data-zoom-out="${escapeHtml(label('html.zoom-out'))}" data-close="${escapeHtml(label('html.close'))}">`,
    `<nav aria-label="${escapeHtml(label('html.contents'))}">${links.join('')}</nav>`,
    `<main>\n${body.filter((text) => text !== '').join('\n')}\n</main>`,
    `<script>${SCRIPT}${FIGURE_SCRIPT}${ENLARGE_SCRIPT}</script>`,
    '</body>',
    '</html>',
  ].join('\n');
}

interface BlockContext {
  readonly figures: ReadonlyMap<string, string>;
  /** Of the section that it stands in. */
  readonly id: string;
}

function blockHtml(block: Block, context: BlockContext): string {
  const { figures, id } = context;
  switch (block.type) {
    case 'heading': {
      const { depth, tokens } = block as Tokens.Heading;
      return `<h${depth}${depth === 2 ? ` id="${id}"` : ''}>${inline(tokens, figures)}</h${depth}>`;
    }
    case 'paragraph': {
      const tokens = childrenOf(block);
      const only = tokens.length === 1 && tokens[0]!.type === 'image' ? (tokens[0] as Tokens.Image) : null;
      if (only !== null && figures.has(only.href)) return inline(tokens, figures);
      return `<p>${inline(tokens, figures)}</p>`;
    }
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml((block as Tokens.Code).text)}</code></pre>`;
    case 'list': {
      const { ordered, items } = block as Tokens.List;
      const tag = ordered ? 'ol' : 'ul';
      const lines = items.map((item) => `<li>${item.tokens.map((token) => listPart(token, context)).join('')}</li>`);
      return `<${tag}>${lines.join('')}</${tag}>`;
    }
    case 'table':
      return tableHtml(block as Tokens.Table, figures);
    case 'blockquote':
      return `<blockquote>${childrenOf(block)
        .map((child) => blockHtml(child, context))
        .join('')}</blockquote>`;
    case 'hr':
      return '<hr>';
    case 'space':
    case 'def':
      return '';
    default:
      return `<p>${escapeHtml(block.raw)}</p>`;
  }
}

/** What stands in a list's item: its text as it is, anything else as a block. */
function listPart(token: Block, context: BlockContext): string {
  return token.type === 'text' ? inline([token], context.figures) : blockHtml(token, context);
}

function tableHtml({ header, rows, align }: Tokens.Table, figures: ReadonlyMap<string, string>): string {
  const right = (i: number): string => (align[i] === 'right' ? ' class="n"' : '');
  const heads = header.map((cell, i) => `<th scope="col"${right(i)}>${inline(cell.tokens, figures)}</th>`);
  const lines = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${right(i)}>${inline(cell.tokens, figures)}</td>`).join('')}</tr>`,
  );
  return `<div class="table" tabindex="0"><table><thead><tr>${heads.join('')}</tr></thead>\n<tbody>${lines.join('\n')}</tbody></table></div>`;
}

function inline(tokens: readonly Inline[], figures: ReadonlyMap<string, string>): string {
  return tokens.map((token) => inlineToken(token, figures)).join('');
}

function inlineToken(token: Inline, figures: ReadonlyMap<string, string>): string {
  const children = (): string => inline(childrenOf(token), figures);
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return `<${token.type}>${children()}</${token.type}>`;
    case 'codespan':
      return `<code>${escapeHtml(unescaped((token as Tokens.Codespan).text))}</code>`;
    case 'br':
      return '<br>';
    case 'link': {
      const { href, raw, text } = token as Tokens.Link;
      // A package with its version (`name@1.0.0`) looks like an address of mail.
      if (href.startsWith('mailto:') && raw === text) return children();
      return isSafe(href) ? `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${children()}</a>` : children();
    }
    case 'image': {
      const { href } = token as Tokens.Image;
      const text = escapeHtml(plainText([token]));
      const figure = figures.get(href);
      // Pictures of the author's would be requests.
      return figure === undefined
        ? text
        : `<figure class="${escapeHtml(href.replace(/^figures\/|\.svg$/g, ''))}" aria-label="${text}" tabindex="0">${figure}</figure>`;
    }
    default:
      if (childrenOf(token).length > 0) return children();
      return escapeHtml(unescaped('text' in token ? String(token.text) : token.raw));
  }
}

function isSafe(href: string): boolean {
  return /^(https?:|mailto:|#)/i.test(href);
}

/** An SVG as part of a page: its ids must not meet those of others. */
function inlined(svg: string, name: string): string {
  return svg.replace(/(\bid="|url\(#|href="#)(?=[\w-])/g, `$1${name}-`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
