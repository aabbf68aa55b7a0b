/**
 * Text from data as inline Markdown that shows exactly that text: no HTML, no markup, no table cell broken, one line, and
 * nothing that could move a terminal's cursor or turn the reading direction.
 */
export function escapeInline(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*[\]|]/g, '\\$&')
      // After a slash it stands in an address, which a backslash would break.
      .replace(/(?<!\/)~/g, '\\~')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // An underscore within a word is no markup: model_name stays readable.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replace(/^([#+-]|\d+[.)])(?=\s|$)/, (marker) => `${marker.slice(0, -1)}\\${marker.slice(-1)}`)
  );
}

/** Text from data as a code span of one line, which may stand in a table. */
export function codeSpan(text: string): string {
  const line = oneLine(text).trim();
  if (line === '') return '';
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const inner = line.startsWith('`') || line.endsWith('`') ? ` ${line} ` : line;
  return `${fence}${inner.replace(/\|/g, '\\|')}${fence}`;
}

/** Text from data as a fenced block, whatever fences it holds itself. */
export function fenced(text: string, language = 'text'): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${visible(text.replace(/\r\n?/g, '\n')).replace(/\n+$/, '')}\n${fence}`;
}

/** A paragraph that the pipeline's author wrote as Markdown: kept, but HTML shows as text. */
export function authored(markdown: string): string {
  return visible(markdown.trim()).replace(/(`+)[\s\S]*?\1|<(?=[A-Za-z/!?])(?!https?:)/g, (match) =>
    match === '<' ? '&lt;' : match,
  );
}

/** Text from data as one line, its control characters visible. */
export function oneLine(text: string): string {
  return visible(text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' '));
}

/** Control and direction characters, and what is no character, become visible; line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
    '\ufffd',
  );
}
