import type { Catalogue } from '../catalogue';
import type { editor as en } from '../en/editor';

export const editor: Catalogue<typeof en> = {
  none: '无类别',
  boxesOnly: '此模型不支持点击：请拖动画框选中物体。',
  emptyMask: '掩码为空，没有可接受的内容。请移动点，或换一个候选。',
  noAnswer: '模型没有给出结果：{{reason}}按“接受”或“重试”再问一次。',
  gaveNoMask: '模型没有返回掩码。',
  noPreview: '无法预览：{{reason}}',
  lockedMask: '已锁定的掩码不会改变：请先解锁，或选择其他掩码。',
  nothingTaken: '目前只有排除点：请点击物体本身，或拖动画框选中它。',
  nothingToAccept: '还没有可接受的掩码：请点击物体，或拖动画框选中它。',
  notFullSize: '无法将掩码放大到原始尺寸：{{reason}}',
  copyCutAway: '下一幅图像较小，所选掩码都在其范围之外：没有复制任何内容。',
  editLeavesNothing: '这样掩码将变为空：请直接删除它。',
  noChange: '没有需要更改的内容：掩码已经如此。',
  nothingToEdit: '这里没有可编辑的掩码：请先选择一个，或绘制一个新的。',
  onePart: '所选掩码只有一个部分，无法拆分。',
  overlapCovers: '这会完全覆盖另一个掩码。请先删除或锁定该掩码，或关闭“禁止重叠”。',
  overlapLeavesNothing: '此掩码将变为空：那里已有其他掩码。请关闭“禁止重叠”，或让新掩码占用重叠区域。',
};
