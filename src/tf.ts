/**
 * TensorFlow.js. Loaded as CommonJS: an `import` of it makes Node scan all of its sources for export names first,
 * which costs more (0.3 s) than running them.
 */
import tf = require('@tensorflow/tfjs');
import cpuBackend = require('@tensorflow/tfjs-backend-cpu');

export { cpuBackend, tf };
