import type { Preferences as Stored } from '../api/types';

/** What a person has set for themselves. The names are those of the stored record. */
export type Settings = Readonly<Required<Stored['settings']>>;

export type SettingsChanges = Partial<Settings>;

/** What holds until the server has been heard; the same as its own. */
export const DEFAULTS: Settings = {
  language: null,
  theme: 'system',
  key_bindings: {},
  brush_size: 20,
  brush_pressure: true,
  mask_opacity: 0.32,
  outline_only: false,
  show_outlines: true,
  photo: { brightness: 0, contrast: 0, gamma: 1 },
  zoom_embeddings: true,
  no_overlaps: 'off',
  crosshair: false,
  preview: true,
  confirm_delete: false,
};

/** Only what there is to set, of a record that another version of the page may have written. */
export function knownOf(record: object): SettingsChanges {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name in DEFAULTS));
}
