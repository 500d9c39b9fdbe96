export const settings = {
  title: 'Settings',
  theme: 'Theme',
  themeAndLanguage: 'Theme and language',
  themes: {
    system: 'As the system',
    dark: 'Dark',
    light: 'Light',
  },
  language: 'Language',
} as const;
