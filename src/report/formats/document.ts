import { marked, type Token } from 'marked';

export type Block = Token;
export type Inline = Token;

/**
 * The blocks of a report's Markdown. Every other format is made from these, so that all say the same; what stands in
 * the report as text from data stays text, since it was escaped when the Markdown was made.
 */
export function blocksOf(markdown: string): readonly Block[] {
  return marked.lexer(markdown, { gfm: true });
}

/** The children of an inline token, or nothing. */
export function childrenOf(token: Token): readonly Inline[] {
  return ('tokens' in token ? token.tokens : undefined) ?? [];
}

/** The text of inline tokens without any markup. */
export function plainText(tokens: readonly Inline[]): string {
  return tokens
    .map((token) => {
      const children = childrenOf(token);
      if (token.type === 'br') return ' ';
      if (children.length > 0 && token.type !== 'codespan') return plainText(children);
      return 'text' in token ? unescaped(String(token.text)) : '';
    })
    .join('');
}

/** The lexer leaves entities as they are written. */
export function unescaped(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|#39);/g, (_, name: keyof typeof ENTITIES) => ENTITIES[name]);
}

const ENTITIES = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" } as const;
