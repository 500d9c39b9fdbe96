import type { Catalogue } from '../catalogue';
import type { errors as en } from '../en/errors';

export const errors: Catalogue<typeof en> = {
  offline: '无法连接服务器。请检查网络连接，然后重试。',
  unknown: '出了点问题：{{detail}}',
  photoRefused: '服务器没有提供照片（返回 {{status}}）。请重试；如果仍然如此，请重新上传图像。',
  photoUndecodable: '浏览器无法解码照片：内存不足，或文件已损坏。请关闭其他标签页，然后重试。',
  problems: {
    not_found: '找不到所请求的内容，它可能已被删除。',
  },
};
