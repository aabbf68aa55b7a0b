import type { Tokens } from 'marked';
import { renderMarkdown } from '../markdown/render-markdown.js';
import type { ReportData } from '../report-data.js';
import { type Block, blocksOf, childrenOf, type Inline, plainText, unescaped } from './document.js';

/**
 * A report as the body of a LaTeX document, to be taken in by \input: sections, booktabs tables, listings. Figures are
 * named in comments, since LaTeX takes no SVG.
 */
export function renderLatex(data: ReportData): string {
  const language = data.report.language === 'zh' ? '% Chinese: use the ctex package and XeLaTeX or LuaLaTeX.\n' : '';
  const head = `% ${data.run.id}: made by Sweepline.\n% Needs \\usepackage{booktabs,longtable}.\n${language}`;
  return `${head}\n${blocksOf(renderMarkdown(data))
    .map(blockLatex)
    .filter((text) => text !== '')
    .join('\n\n')}`;
}

const SECTIONS = ['section*', 'subsection*', 'subsubsection*', 'paragraph'];

function blockLatex(block: Block): string {
  switch (block.type) {
    case 'heading': {
      const { depth, tokens } = block as Tokens.Heading;
      return `\\${SECTIONS[Math.min(depth, SECTIONS.length) - 1]}{${inline(tokens)}}`;
    }
    case 'paragraph': {
      const tokens = childrenOf(block);
      const image = tokens.length === 1 && tokens[0]!.type === 'image' ? (tokens[0] as Tokens.Image) : null;
      return image === null
        ? inline(tokens)
        : `% Figure: ${image.href.replace(/\s+/g, ' ')} (${plainText([image]).replace(/\s+/g, ' ')})`;
    }
    case 'code':
      return codeLatex((block as Tokens.Code).text);
    case 'list': {
      const { ordered, items } = block as Tokens.List;
      const name = ordered ? 'enumerate' : 'itemize';
      const parts = items.map(({ tokens }) =>
        tokens.map((token) => (token.type === 'text' ? inline([token]) : blockLatex(token))).join(' '),
      );
      const lines = parts.map((text) => `  \\item ${guarded(text)}`);
      return `\\begin{${name}}\n${lines.join('\n')}\n\\end{${name}}`;
    }
    case 'table':
      return tableLatex(block as Tokens.Table);
    case 'space':
    case 'def':
      return '';
    case 'hr':
      return '\\medskip\\hrule\\medskip';
    default:
      return childrenOf(block).length > 0 ? inline(childrenOf(block)) : escapeLatex(block.raw.trim());
  }
}

function tableLatex({ header, rows, align }: Tokens.Table): string {
  const columns = align.map((side) => (side === 'right' ? 'r' : 'l')).join('');
  const line = (cells: readonly Tokens.TableCell[]): string =>
    `  ${guarded(cells.map((cell) => inline(cell.tokens)).join(' & '))} \\\\`;
  return [
    `\\begin{longtable}{${columns}}`,
    '  \\toprule',
    line(header),
    '  \\midrule\\endhead',
    ...rows.map(line),
    '  \\bottomrule',
    '\\end{longtable}',
  ].join('\n');
}

/** Code as it stands: verbatim, or line by line where it has signs that a verbatim block cannot set. */
function codeLatex(text: string): string {
  if (![...text].some((character) => character > '~' && character in ESCAPES)) {
    // Nothing ends a verbatim block but its own end.
    return `\\begin{verbatim}\n${text.replaceAll('\\end{verbatim}', '\\end {verbatim}')}\n\\end{verbatim}`;
  }
  const lines = text.split('\n').map((line) => guarded(escapeLatex(line).replace(/^ | (?= )/g, '~')) || '\\mbox{}');
  return `\\begin{flushleft}\\ttfamily\n${lines.join(' \\\\\n')}\n\\end{flushleft}`;
}

/** What follows `\\`, `\toprule` or `\item`, which take a bracket or a star for their own. */
function guarded(text: string): string {
  return /^[[*]/.test(text) ? `{}${text}` : text;
}

function inline(tokens: readonly Inline[]): string {
  return tokens
    .map((token) => {
      const children = childrenOf(token);
      switch (token.type) {
        case 'strong':
          return `\\textbf{${inline(children)}}`;
        case 'em':
          return `\\emph{${inline(children)}}`;
        case 'codespan':
          return `\\texttt{${escapeLatex(unescaped((token as Tokens.Codespan).text))}}`;
        case 'br':
          return '\\\\\\relax ';
        default:
          if (children.length > 0) return inline(children);
          return escapeLatex(plainText([token]) || token.raw);
      }
    })
    .join('');
}

/** Text that LaTeX sets as it is. */
function escapeLatex(text: string): string {
  const escaped = [...text].map((character) => ESCAPES[character] ?? character).join('');
  // Two hyphens would become a dash.
  return escaped.replace(/-(?=-)/g, '-{}');
}

/** What is markup to LaTeX, and the signs of a report that LaTeX does not know, or not in every encoding. */
const ESCAPES: { readonly [character: string]: string } = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '±': '$\\pm$',
  '−': '$-$',
  '≈': '$\\approx$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '†': '$\\dagger$',
  '✓': '$\\surd$',
  '✗': '$\\times$',
  '…': '\\ldots{}',
  '↓': '$\\downarrow$',
  '→': '$\\rightarrow$',
  '⏎': '$\\hookleftarrow$',
  '×': '$\\times$',
  // Stands for a control character.
  '\ufffd': '$\\diamond$',
};
