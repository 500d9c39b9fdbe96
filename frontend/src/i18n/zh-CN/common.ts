import type { Catalogue } from '../catalogue';
import type { common as en } from '../en/common';

export const common: Catalogue<typeof en> = {
  appTitle: '{{page}} · Maskloop',
  allProjects: 'Maskloop：所有项目',
  goToProjects: '前往项目列表',
  noSuchPage: '没有这个页面',
  cancel: '取消',
  close: '关闭',
  delete: '删除',
  dismiss: '关闭提示',
  keep: '保留',
  messages: '消息',
  noMatch: '没有匹配项。',
  save: '保存',
  showAll: '显示全部',
  seconds_other: '{{count, number}} 秒',
  minutes_other: '{{count, number}} 分钟',
  hours_other: '{{count, number}} 小时',
  tryAgain: '重试',
  withShortcut: '{{label}}（{{shortcut}}）',
  images_other: '{{count, number}} 张图像',
  masks_other: '{{count, number}} 个掩码',
  changes_other: '{{count, number}} 处更改',
};
