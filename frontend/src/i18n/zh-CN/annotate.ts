import type { Catalogue } from '../catalogue';
import type { annotate as en } from '../en/annotate';

export const annotate: Catalogue<typeof en> = {
  tools: '工具',
  zoom: {
    toggle: '近看',
    hint: '放大时，模型会以原始分辨率重新读取您看到的部分：稍等片刻，边缘更精细',
    loading: '已放大：正在读取 {{width, number}} × {{height, number}} 的局部…',
    ready: '已放大：{{width, number}} × {{height, number}} 的局部，清晰',
    failed: '已放大：无法读取局部，掩码来自整张图像',
  },
  canvas: '标注画布',
  loadingPhoto: '正在加载照片…',
  imageUnreadable: '无法读取此图像',
  imageNotFound: '找不到此图像',
  photoUnreadable: '无法显示照片',
};
