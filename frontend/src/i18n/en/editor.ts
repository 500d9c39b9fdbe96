export const editor = {
  none: 'No category',
  boxesOnly: 'This model does not understand clicks: drag a box around the object.',
  emptyMask: 'The mask is empty: there is nothing to accept. Move the point, or try another candidate.',
  noAnswer: 'The model did not answer: {{reason}}. Accept or Retry asks again.',
  noPreview: 'No preview: {{reason}}.',
  nothingTaken:
    'So far there are only points that leave out: click the object itself, or drag a box around it.',
  nothingToAccept: 'There is no mask to accept yet: click the object, or drag a box around it.',
  notFullSize: 'The mask could not be brought to full size: {{reason}}.',
  verbatim: '{{text}}',
} as const;
