export const annotate = {
  tools: 'Tools',
  zoom: {
    toggle: 'Closer look',
    hint: 'When you zoom in, the model looks again at what you see, at full resolution: finer edges, after a moment',
    loading: 'Zoomed in: reading a crop of {{width, number}} × {{height, number}}…',
    ready: 'Zoomed in: crop of {{width, number}} × {{height, number}}, sharp',
    failed: 'Zoomed in: the crop could not be read, masks come from the whole image',
  },
  canvas: 'Annotation canvas',
  loadingPhoto: 'Loading the photo…',
  imageUnreadable: 'Cannot read this image',
  imageNotFound: 'Cannot find this image',
  photoUnreadable: 'Cannot show the photo',
} as const;
