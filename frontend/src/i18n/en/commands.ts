export const commands = {
  undo: 'Undo',
} as const;
