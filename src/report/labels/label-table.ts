/** Each label in English and in Chinese. */
export interface LabelTable {
  readonly [key: string]: readonly [en: string, zh: string];
}
