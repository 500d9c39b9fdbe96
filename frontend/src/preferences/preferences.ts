/**
 * A person's settings: applied at once, stored on the server a moment later, and kept in this browser meanwhile. One per
 * page:
 *
 *   const preferences = new Preferences();               // as they were left in this browser
 *   void preferences.load();                             // as the server has them
 *   useSyncExternalStore(preferences.subscribe, preferences.get);
 *   preferences.set({ mask_opacity: 0.5 });
 *
 * Of two windows that set the same thing, the last one wins; what only one of them set stays.
 */
import { ApiError } from '../api/errors';
import { getPreferences, newerPreferences, putPreferences } from '../api/preferences';
import type { Preferences as Stored } from '../api/types';
import { localCopy, type CopyStorage } from './copy';
import { DEFAULTS, knownOf, type Settings, type SettingsChanges } from './settings';

/** Longer than the pauses between the steps of a slider. */
const DELAY_MS = 800;

export interface PreferencesOptions {
  readonly read?: () => Promise<Stored>;
  readonly store?: (preferences: Stored) => Promise<Stored>;
  readonly copy?: CopyStorage;
}

export class Preferences {
  private settings: Settings;
  private unsaved: SettingsChanges;
  /** What the server holds, as far as it was heard. */
  private stored: Stored | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private saving: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly options: Required<PreferencesOptions>;

  constructor(options: PreferencesOptions = {}) {
    this.options = { read: getPreferences, store: putPreferences, copy: localCopy, ...options };
    const { settings, unsaved } = this.options.copy.read();
    this.unsaved = unsaved;
    this.settings = { ...DEFAULTS, ...settings, ...unsaved };
  }

  /** A new object at every change, and only then. */
  readonly get = (): Settings => this.settings;

  /** Returns the way to stop listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly set = (changes: SettingsChanges): void => {
    this.unsaved = { ...this.unsaved, ...changes };
    this.become({ ...this.settings, ...changes });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), DELAY_MS);
  };

  /** Takes over what the server has. Where it does not answer, what this browser keeps stays, and is stored later. */
  readonly load = async (): Promise<void> => {
    try {
      this.take(await this.options.read());
    } catch {
      return;
    }
    await this.save();
  };

  /** Stores what is not stored yet, now. What fails is tried again with the next change, or when this is called again. */
  readonly save = (): Promise<void> => {
    clearTimeout(this.timer);
    this.saving ??= this.saveAll().finally(() => (this.saving = null));
    return this.saving;
  };

  private async saveAll(): Promise<void> {
    while (Object.keys(this.unsaved).length > 0) {
      const sent = this.unsaved;
      try {
        await this.send(sent);
      } catch (error) {
        if (!this.recover(error, sent)) return;
      }
    }
  }

  private async send(sent: SettingsChanges): Promise<void> {
    this.stored ??= await this.options.read();
    const { version, settings } = this.stored;
    const confirmed = await this.options.store({ version, settings: { ...settings, ...sent } });
    this.forget(sent);
    this.take(confirmed);
  }

  /** Whether to go on: another window was first, or the server will never take what was sent. */
  private recover(error: unknown, sent: SettingsChanges): boolean {
    const newer = newerPreferences(error);
    if (!newer && !isRefusal(error)) return false;
    if (!newer) this.forget(sent);
    this.take(newer ?? this.stored);
    return true;
  }

  /** What was changed again since stays unsaved. */
  private forget(sent: SettingsChanges): void {
    const left = Object.entries(this.unsaved).filter(
      ([name, value]) => sent[name as keyof Settings] !== value,
    );
    this.unsaved = Object.fromEntries(left);
  }

  private take(stored: Stored | null): void {
    this.stored = stored;
    this.become({ ...DEFAULTS, ...knownOf(stored?.settings ?? {}), ...this.unsaved });
  }

  private become(settings: Settings): void {
    this.options.copy.write({ settings, unsaved: this.unsaved });
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    this.settings = settings;
    for (const listener of [...this.listeners]) listener();
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 400 || error.status === 422);
}
