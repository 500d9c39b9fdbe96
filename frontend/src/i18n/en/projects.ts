export const projects = {
  title: 'Projects',
  create: 'New project',
  confirmCreate: 'Create',
  name: 'Name',
  namePlaceholder: 'Street scenes',
  categories: 'Categories (you can add more later)',
  categoriesPlaceholder: 'car, person, tree',
  removeCategory: 'Remove {{name}}',
  prepared: '{{done, number}} of {{count, number}} prepared',
  emptyTitle: 'Start with a project',
  empty: 'A project holds images and the categories that you mark in them. Everything stays on this server.',
  unreadable: 'Cannot read the projects',
} as const;
