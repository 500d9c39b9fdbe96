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
  problems: {
    not_found: '{{detail}}',
  },
} as const;
