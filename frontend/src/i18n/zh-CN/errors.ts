import type { Catalogue } from '../catalogue';
import type { errors as en } from '../en/errors';

export const errors: Catalogue<typeof en> = {
  offline: '无法连接服务器。请检查网络连接，然后重试。',
  unknown: '出了点问题：{{detail}}',
  problems: {
    not_found: '找不到所请求的内容，它可能已被删除。',
  },
};
