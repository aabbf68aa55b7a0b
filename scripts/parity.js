// Compares an engine with PyTorch on a folder of cases: `npm run parity -- test/fixtures/pytorch --engine wasm`.
import { main } from '../dist/parity/run.js';

process.exitCode = await main(process.argv.slice(2));
