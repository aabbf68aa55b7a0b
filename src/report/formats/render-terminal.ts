import { Chalk, type ChalkInstance } from 'chalk';
import type { Tokens } from 'marked';
import { renderMarkdown } from '../markdown/render-markdown.js';
import { displayWidth } from '../markdown/table.js';
import type { ReportData } from '../report-data.js';
import { type Block, blocksOf, childrenOf, type Inline, plainText, unescaped } from './document.js';

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns; text is wrapped to them, tables are not. */
  readonly width: number;
}

/** A report for a terminal: the Markdown report's content without its markup. */
export function renderTerminal(data: ReportData, { color, width }: TerminalOptions): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const context = { chalk, width: Math.max(40, Math.min(width, 100)) };
  return blocksOf(renderMarkdown(data))
    .map((block) => blockText(block, context))
    .filter((text) => text !== '')
    .join('\n\n');
}

interface Context {
  readonly chalk: ChalkInstance;
  readonly width: number;
}

function blockText(block: Block, context: Context): string {
  const { chalk, width } = context;
  switch (block.type) {
    case 'heading': {
      const { depth, tokens } = block as Tokens.Heading;
      const text = plainText(tokens);
      if (depth === 1) return `${chalk.bold(text)}\n${'═'.repeat(Math.min(displayWidth(text), width))}`;
      if (depth === 2)
        return `${chalk.bold.cyan(text)}\n${chalk.cyan('─'.repeat(Math.min(displayWidth(text), width)))}`;
      return chalk.bold(text);
    }
    case 'paragraph': {
      const tokens = childrenOf(block);
      const image = tokens.length === 1 && tokens[0]!.type === 'image' ? (tokens[0] as Tokens.Image) : null;
      if (image !== null) return chalk.dim(`[${plainText([image])}: ${image.href}]`);
      return wrapped(inline(tokens, chalk), width);
    }
    case 'code':
      return (block as Tokens.Code).text.replace(/^/gm, '    ');
    case 'list':
      return (block as Tokens.List).items
        .map(
          (item) =>
            `• ${wrapped(item.tokens.map((token) => inline([token], chalk)).join(' '), width - 2).replaceAll('\n', '\n  ')}`,
        )
        .join('\n');
    case 'table':
      return tableText(block as Tokens.Table, chalk);
    case 'space':
    case 'def':
      return '';
    default:
      return wrapped(inline(childrenOf(block), chalk), width);
  }
}

function tableText({ header, rows, align }: Tokens.Table, chalk: ChalkInstance): string {
  const lines = [header, ...rows].map((cells) =>
    cells.map((cell) => ({ plain: plainText(cell.tokens), text: inline(cell.tokens, chalk) })),
  );
  const widths = header.map((_, i) => Math.max(...lines.map((cells) => displayWidth(cells[i]!.plain))));
  const shown = lines.map((cells, row) =>
    cells
      .map(({ plain, text }, i) => {
        const pad = ' '.repeat(widths[i]! - displayWidth(plain));
        const styled = row === 0 ? chalk.bold(plain) : text;
        return align[i] === 'right' ? pad + styled : styled + pad;
      })
      .join('  ')
      .trimEnd(),
  );
  return [shown[0]!, chalk.dim(widths.map((width) => '─'.repeat(width)).join('  ')), ...shown.slice(1)].join('\n');
}

function inline(tokens: readonly Inline[], chalk: ChalkInstance): string {
  return tokens
    .map((token) => {
      const children = childrenOf(token);
      if (token.type === 'strong') return chalk.bold.green(inline(children, chalk));
      if (token.type === 'em') return chalk.italic(inline(children, chalk));
      if (token.type === 'codespan') return chalk.yellow(unescaped((token as Tokens.Codespan).text));
      if (children.length > 0) return inline(children, chalk);
      return plainText([token]);
    })
    .join('');
}

/** Lines of at most `width` columns, broken at blanks; escape sequences have no width. */
function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer.replace(/\u001b\[[\d;]*m/g, '')) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
