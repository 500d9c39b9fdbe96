export const annotate = {
  tools: 'Tools',
} as const;
