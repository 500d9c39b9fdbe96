import type { Tool } from './tool';

export const selectTool: Tool = {
  id: 'select',
  title: 'Select',
  keys: ['v'],
  start: () => ({ name: 'idle' }),
};
