/** What went wrong and what to do. `problems` has one key per problem code of the server, which words them itself in English. */
export const errors = {
  offline: 'The server cannot be reached. Check the connection, then try again.',
  reload: 'Reload the page',
  stopped: 'This page stopped working',
  stoppedDetail:
    'Masks that you accepted are safe: they are saved, or wait in this browser. If it happens again, report this message: {{reason}}',
  noStorage: 'This browser does not let Maskloop store data',
  noStorageDetail:
    'Accepted masks are kept on this computer until the server has them. Leave private browsing, or allow site data and free some disk space, then try again. The browser says: {{reason}}',
  photoRefused:
    'The server did not hand out the photo (it answered {{status}}). Try again; if it stays so, upload the image again.',
  photoUndecodable:
    'The browser could not decode the photo: there is not enough memory, or the file is damaged. Close other tabs, then try again.',
  imageUnchecked: 'Could not check this image: {{reason}}',
  notStored:
    'This browser could not store your last change: {{reason}} Keep this page open and free some disk space.',
  graphics: {
    missing: 'This browser cannot draw with WebGL2, which the annotation page needs.',
    full: 'The masks of this image do not fit the graphics memory.',
  },
  problems: {
    annotation_exists: '{{detail}}',
    attribute_in_use: '{{detail}}',
    category_exists: '{{detail}}',
    category_in_use: '{{detail}}',
    circular_parent: '{{detail}}',
    damaged_image: '{{detail}}',
    database_unavailable: '{{detail}}',
    decoding_busy: '{{detail}}',
    embedding_failed: '{{detail}}',
    embedding_timeout: '{{detail}}',
    empty_file: '{{detail}}',
    file_missing: '{{detail}}',
    file_too_large: '{{detail}}',
    idempotency_key_reused: '{{detail}}',
    image_file_missing: '{{detail}}',
    invalid_attributes: '{{detail}}',
    invalid_mask: '{{detail}}',
    model_missing: '{{detail}}',
    not_a_crop: '{{detail}}',
    not_an_image: '{{detail}}',
    not_found: '{{detail}}',
    pull_failed: '{{detail}}',
    stale_version: '{{detail}}',
    too_many_pixels: '{{detail}}',
    unavailable: '{{detail}}',
    unknown_category: '{{detail}}',
    unknown_encoder: '{{detail}}',
    unknown_model: '{{detail}}',
    unknown_parent: '{{detail}}',
    unsupported_pixels: '{{detail}}',
  },
} as const;
