// First: it keeps parts of TensorFlow.js from being loaded that no trial uses.
import { stopStandingIn } from './unused-tfjs.js';

/**
 * TensorFlow.js. Loaded as CommonJS: an `import` of it makes Node scan all of its sources for export names first,
 * which costs more (0.3 s) than running them.
 */
import tf = require('@tensorflow/tfjs');
import cpuBackend = require('@tensorflow/tfjs-backend-cpu');

stopStandingIn();

export { cpuBackend, tf };
