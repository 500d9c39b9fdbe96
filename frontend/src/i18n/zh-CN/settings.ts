import type { Catalogue } from '../catalogue';
import type { settings as en } from '../en/settings';

export const settings: Catalogue<typeof en> = {
  title: '设置',
  theme: '主题',
  themeAndLanguage: '主题与语言',
  themes: {
    system: '跟随系统',
    dark: '深色',
    light: '浅色',
  },
  language: '语言',
};
