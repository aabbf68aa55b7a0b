export { batchCount, type ClassificationBatchOptions, classificationBatches } from './classification-batches.js';
export {
  type LanguageModelBatchOptions,
  languageModelBatches,
  windowBatchCount,
} from './language-model-batches.js';
