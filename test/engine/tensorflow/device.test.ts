import { describe, expect, it } from 'vitest';
import { deviceName, visibleGpu } from '../../../src/engine/tensorflow/device.js';

const LIST = `0, GPU-aaaa, NVIDIA A100-SXM4-40GB, 40960 MiB, 550.54.15
1, GPU-bbbb, NVIDIA H100 80GB HBM3, 81559 MiB, 550.54.15
`;

describe('the name of the device', () => {
  it('is cpu where TensorFlow reports no GPU, whatever the build', async () => {
    expect(await deviceName(false, { cuda: '12.5.1', cudnn: '9' })).toBe('cpu');
  });

  it('is that of the last GPU, which tfjs-node takes', () => {
    expect(visibleGpu(LIST, undefined)).toBe('NVIDIA H100 80GB HBM3, 81559 MiB, driver 550.54.15');
  });

  it('follows CUDA_VISIBLE_DEVICES, by index or by the beginning of an id', () => {
    expect(visibleGpu(LIST, '1,0')).toBe('NVIDIA A100-SXM4-40GB, 40960 MiB, driver 550.54.15');
    expect(visibleGpu(LIST, 'GPU-bb')).toBe('NVIDIA H100 80GB HBM3, 81559 MiB, driver 550.54.15');
  });

  it('is unknown where nvidia-smi lists nothing', () => {
    expect(visibleGpu('', undefined)).toBeNull();
  });
});
