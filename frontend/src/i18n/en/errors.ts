/** What went wrong and what to do. `problems` has one key per problem code of the server, which words them itself in English. */
export const errors = {
  offline: 'The server cannot be reached. Check the connection, then try again.',
  unknown: 'Something went wrong: {{detail}}',
  problems: {
    not_found: '{{detail}}',
  },
} as const;
