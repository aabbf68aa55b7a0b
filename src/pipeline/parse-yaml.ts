import { type Document, parseDocument, type YAMLError } from 'yaml';
import type { Diagnostic } from './diagnostic.js';
import { locationOf, type SourceText } from './source-text.js';

export interface ParsedYaml {
  /** Null when the text is not YAML that we read. */
  readonly document: Document | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses the text from `offset` on as one YAML 1.2 document. Syntax errors, several documents and unknown tags are
 * diagnostics; repeated keys are left to the caller, who knows their paths.
 */
export function parseYaml(source: SourceText, offset = 0): ParsedYaml {
  const document = parse(source.text.slice(offset));
  if (document === null) {
    return { document, diagnostics: [problem({ source, start: offset, end: offset + 1, ...TOO_DEEP })] };
  }
  const diagnostics = [...document.errors, ...document.warnings]
    .filter(({ code }) => code !== 'DUPLICATE_KEY')
    .map((error) =>
      problem({
        source,
        start: offset + error.pos[0],
        end: offset + error.pos[1],
        ...(KNOWN[error.code] ?? syntax(error)),
      }),
    );
  return { document: diagnostics.length > 0 ? null : document, diagnostics };
}

/** Null when the parser ran out of stack. */
function parse(text: string): Document | null {
  try {
    return parseDocument(text, { prettyErrors: false, strict: true, uniqueKeys: false, keepSourceTokens: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface Wording {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

const TOO_DEEP: Wording = { code: 'YAML_TOO_DEEP', message: 'the YAML is nested too deeply to be read', hint: null };

const KNOWN: { readonly [code: string]: Wording } = {
  MULTIPLE_DOCS: {
    code: 'YAML_SEVERAL_DOCUMENTS',
    message: 'expected one YAML document, found another one here',
    hint: 'A pipeline is one file with one document: remove the `---`, or make two files.',
  },
  TAB_AS_INDENT: {
    code: 'YAML_TAB',
    message: 'expected spaces as indentation, found a tab',
    hint: 'YAML does not allow tabs here; use two spaces.',
  },
  TAG_RESOLVE_FAILED: {
    code: 'YAML_TAG',
    message: 'expected a plain value, found a YAML tag that is not known',
    hint: 'Pipelines need no tags; quote the value if it begins with `!`.',
  },
};

function syntax(error: YAMLError): Wording {
  return { code: 'YAML_SYNTAX', message: `this is not valid YAML: ${lowerFirst(error.message)}`, hint: null };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

interface ProblemOptions extends Wording {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

function problem({ source, start, end, code, message, hint }: ProblemOptions): Diagnostic {
  return { severity: 'error', code, path: '', message, hint, location: locationOf({ source, start, end }) };
}
