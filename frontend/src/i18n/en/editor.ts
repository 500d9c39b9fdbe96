export const editor = {
  none: 'No category',
} as const;
