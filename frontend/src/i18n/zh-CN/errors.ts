import type { Catalogue } from '../catalogue';
import type { errors as en } from '../en/errors';

export const errors: Catalogue<typeof en> = {
  offline: '无法连接服务器。请检查网络连接，然后重试。',
  reload: '重新加载页面',
  stopped: '本页面停止了工作',
  stoppedDetail:
    '已确认的掩码是安全的：它们已保存，或仍在本浏览器中等待。如果再次发生，请报告以下信息：{{reason}}',
  noStorage: '浏览器不允许 Maskloop 存储数据',
  noStorageDetail:
    '在服务器收到之前，已确认的掩码会保存在这台电脑上。请退出无痕浏览，或允许存储网站数据并腾出一些磁盘空间，然后重试。浏览器的提示：{{reason}}',
  photoRefused: '服务器没有提供照片（返回 {{status}}）。请重试；如果仍然如此，请重新上传图像。',
  photoUndecodable: '浏览器无法解码照片：内存不足，或文件已损坏。请关闭其他标签页，然后重试。',
  problems: {
    not_found: '找不到所请求的内容，它可能已被删除。',
  },
};
