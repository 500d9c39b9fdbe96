import type { Tool } from './tool';

export const promptTool: Tool = {
  id: 'prompt',
  title: 'Segment',
  keys: ['s'],
  start: () => ({ name: 'idle' }),
};
