import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What an editor with the YAML language server shows at one place of a pipeline. */
export interface Editor {
  /** The labels that are offered where `|` stands in the text. */
  complete(text: string): Promise<readonly string[]>;
  /** What is shown over the place where `|` stands in the text; null when nothing is. */
  hover(text: string): Promise<string | null>;
  /** What is underlined. */
  problems(text: string): Promise<readonly string[]>;
}

const SCHEMA = 'file:///schemas/pipeline.schema.json';
const FIRST_LINE = `# yaml-language-server: $schema=${SCHEMA}\n`;

/** The part of the language server's programming interface that is used here. */
interface LanguageService {
  configure(settings: object): void;
  doComplete(
    document: object,
    position: object,
    kubernetes: boolean,
  ): Promise<{ readonly items: readonly { readonly label: string }[] }>;
  doHover(document: object, position: object): Promise<{ readonly contents: unknown } | null>;
  doValidation(document: object, kubernetes: boolean): Promise<readonly { readonly message: string }[]>;
}

/** The real yaml-language-server package, given our schema by the first line of the file, as our pipelines give it. */
export function openEditor(): Editor {
  const require = createRequire(import.meta.url);
  const { getLanguageService } = require('yaml-language-server') as {
    getLanguageService: (params: object) => LanguageService;
  };
  const { TextDocument } = createRequire(require.resolve('yaml-language-server'))('vscode-languageserver-textdocument');
  const { SettingsState } = require('yaml-language-server/out/server/src/yamlSettings.js');
  const service = getLanguageService({
    schemaRequestService: async () => readFileSync('schemas/pipeline.schema.json', 'utf8'),
    workspaceContext: { resolveRelativePath: (path: string) => path },
    connection: null,
    telemetry: null,
    yamlSettings: new SettingsState(),
  });
  service.configure({ validate: true, hover: true, completion: true, schemas: [] });
  let version = 0;
  const at = (text: string) => {
    const whole = FIRST_LINE + text;
    const offset = whole.indexOf('|');
    const document = TextDocument.create(`file:///p${++version}.yaml`, 'yaml', version, whole.replace('|', ''));
    return { document, position: document.positionAt(Math.max(0, offset)) };
  };
  return {
    async complete(text) {
      const { document, position } = at(text);
      return (await service.doComplete(document, position, false)).items.map(({ label }) => label);
    },
    async hover(text) {
      const { document, position } = at(text);
      const shown = await service.doHover(document, position);
      return shown === null ? null : JSON.stringify(shown.contents);
    },
    async problems(text) {
      return (await service.doValidation(at(text).document, false)).map(({ message }) => message);
    },
  };
}
