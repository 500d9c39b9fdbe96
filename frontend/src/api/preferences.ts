import { body, http } from './client';
import { ApiError } from './errors';
import type { Preferences } from './types';

/** Defaults, under version 0, where nothing was stored. */
export const getPreferences = (): Promise<Preferences> => body(http.GET('/api/preferences'));

/** `version` is that which the settings were made from. Answers with the version that they have now. */
export const putPreferences = (preferences: Preferences): Promise<Preferences> =>
  body(http.PUT('/api/preferences', { body: preferences }));

/** The settings that the server holds, where it refused older ones; null for any other error. */
export function newerPreferences(error: unknown): Preferences | null {
  const isStale = error instanceof ApiError && error.code === 'stale_version';
  return isStale ? ((error.problem.current as unknown as Preferences | undefined) ?? null) : null;
}
