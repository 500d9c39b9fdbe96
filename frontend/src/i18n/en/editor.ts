export const editor = {
  none: 'No category',
  boxesOnly: 'This model does not understand clicks: drag a box around the object.',
  emptyMask: 'The mask is empty: there is nothing to accept. Move the point, or try another candidate.',
  noAnswer: 'The model did not answer: {{reason}} Accept or Retry asks again.',
  gaveNoMask: 'It gave no mask.',
  noPreview: 'No preview: {{reason}}',
  lockedMask: 'Locked masks do not change: unlock the mask first, or select another one.',
  nothingTaken:
    'So far there are only points that leave out: click the object itself, or drag a box around it.',
  nothingToAccept: 'There is no mask to accept yet: click the object, or drag a box around it.',
  notFullSize: 'The mask could not be brought to full size: {{reason}}',
  copyCutAway: 'The selected masks lie outside the next image, which is smaller: nothing was copied.',
  editLeavesNothing: 'Nothing would be left of this mask: delete it instead.',
  noChange: 'There is nothing to change: the mask is like that already.',
  nothingToEdit: 'There is no mask here to change: select one first, or paint a new one.',
  onePart: 'The selected mask has one part only: there is nothing to split.',
  overlapCovers:
    'This would cover another mask completely. Delete or lock that mask first, or switch "No overlaps" off.',
  overlapLeavesNothing:
    'Nothing would be left of this mask: others lie there already. Switch "No overlaps" off, or let new masks take over.',
} as const;
