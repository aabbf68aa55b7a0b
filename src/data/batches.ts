export { batchCount, type ClassificationBatchOptions, classificationBatches } from './classification-batches.js';
export {
  checkTextLength,
  type LanguageModelBatchOptions,
  languageModelBatches,
  windowBatchCount,
} from './language-model-batches.js';
