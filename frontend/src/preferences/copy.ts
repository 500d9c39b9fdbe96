import { knownOf, type SettingsChanges } from './settings';

/** What this browser keeps of the settings, so that they are there before, and without, the server. */
export interface Copy {
  readonly settings: SettingsChanges;
  /** Changes that the server has not confirmed. */
  readonly unsaved: SettingsChanges;
}

export interface CopyStorage {
  readonly read: () => Copy;
  readonly write: (copy: Copy) => void;
}

const KEY = 'maskloop.preferences';
const NOTHING: Copy = { settings: {}, unsaved: {} };

/** Local storage. Where it is forbidden or full, the settings last as long as the page, and on the server. */
export const localCopy: CopyStorage = {
  read() {
    try {
      return parse(localStorage.getItem(KEY));
    } catch {
      return NOTHING;
    }
  },
  write(copy) {
    try {
      localStorage.setItem(KEY, JSON.stringify(copy));
    } catch {
      return;
    }
  },
};

function parse(text: string | null): Copy {
  const { settings = {}, unsaved = {} } = (JSON.parse(text ?? '{}') ?? {}) as Partial<Copy>;
  return { settings: knownOf(settings), unsaved: knownOf(unsaved) };
}
