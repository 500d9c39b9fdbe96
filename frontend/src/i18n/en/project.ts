export const project = {
  title: 'Project',
} as const;
