/** What went wrong and what to do. `problems` has one key per problem code of the server, which words them itself in English. */
export const errors = {
  offline: 'The server cannot be reached. Check the connection, then try again.',
  unknown: 'Something went wrong: {{detail}}',
  photoRefused:
    'The server did not hand out the photo (it answered {{status}}). Try again; if it stays so, upload the image again.',
  photoUndecodable:
    'The browser could not decode the photo: there is not enough memory, or the file is damaged. Close other tabs, then try again.',
  problems: {
    not_found: '{{detail}}',
  },
} as const;
