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
    opacity: '掩膜不透明度',
    photo: '照片',
    brightness: '亮度',
    contrast: '对比度',
    gamma: '伽马',
    reset: '恢复原样',
    outline_only: '仅轮廓',
    preview: '预览',
    crosshair: '十字线',
    zoom_embeddings: '放大细看',
    confirm_delete: '删除前确认',
    details: {
      outline_only: '不填充掩膜',
      preview: '显示点击后会得到的掩膜',
      crosshair: '穿过指针的线',
      zoom_embeddings: '放大后，模型以完整分辨率重新查看',
      confirm_delete: '无论如何，删除的掩膜都可以撤销恢复',
    },
  },
};
