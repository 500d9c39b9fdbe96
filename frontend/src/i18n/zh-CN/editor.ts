import type { Catalogue } from '../catalogue';
import type { editor as en } from '../en/editor';

export const editor: Catalogue<typeof en> = {
  none: '无类别',
  boxesOnly: '此模型不支持点击：请拖动画框选中物体。',
  emptyMask: '掩膜为空，没有可接受的内容。请移动点，或换一个候选。',
  noAnswer: '模型没有给出结果：{{reason}}。按“接受”或“重试”再问一次。',
  noPreview: '无法预览：{{reason}}。',
  nothingTaken: '目前只有排除点：请点击物体本身，或拖动画框选中它。',
  nothingToAccept: '还没有可接受的掩膜：请点击物体，或拖动画框选中它。',
  notFullSize: '无法将掩膜放大到原始尺寸：{{reason}}。',
  verbatim: '{{text}}',
};
