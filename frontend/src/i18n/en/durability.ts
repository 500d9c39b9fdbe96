export const durability = {
  allSaved: 'All saved',
} as const;
