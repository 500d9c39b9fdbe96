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
  view: {
    title: '视图',
    opacity: '掩码不透明度',
    photo: '照片',
    brightness: '亮度',
    contrast: '对比度',
    gamma: '伽马',
    reset: '恢复原样',
    outline_only: '仅轮廓',
    preview: '指针处预览',
    crosshair: '十字线',
    zoom_embeddings: '放大时细看',
    confirm_delete: '删除前确认',
  },
};
