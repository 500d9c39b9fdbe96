import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError, NetworkError } from '../api/errors';
import openapi from '../api/openapi.json';
import type { Preferences as Stored } from '../api/types';
import type { Copy, CopyStorage } from './copy';
import { Preferences } from './preferences';
import { DEFAULTS, type SettingsChanges } from './settings';

const LATER = 1000;

/** A server that keeps one person's settings, as ours does. */
class FakeServer {
  version = 0;
  settings: SettingsChanges = {};
  stores = 0;
  trouble: Error | null = null;

  readonly read = (): Promise<Stored> => this.answer();
  readonly store = (asked: Stored): Promise<Stored> => {
    this.stores += 1;
    if (this.trouble) return Promise.reject(this.trouble);
    if (asked.version !== this.version) return Promise.reject(this.stale());
    this.change(asked.settings);
    return this.answer();
  };

  /** As another window does. */
  change(changes: SettingsChanges): void {
    this.version += 1;
    this.settings = { ...this.settings, ...changes };
  }

  private answer(): Promise<Stored> {
    return this.trouble ? Promise.reject(this.trouble) : Promise.resolve(this.current());
  }

  private current(): Stored {
    return { version: this.version, settings: { ...DEFAULTS, ...this.settings } };
  }

  private stale(): ApiError {
    return new ApiError(409, { code: 'stale_version', current: this.current() as never });
  }
}

/** A browser's storage, that pages after one another share. */
class FakeCopy implements CopyStorage {
  private text = '{"settings":{},"unsaved":{}}';
  readonly read = () => JSON.parse(this.text) as Copy;
  readonly write = (copy: Copy) => void (this.text = JSON.stringify(copy));
}

let server: FakeServer;
let copy: FakeCopy;
const page = () => new Preferences({ read: server.read, store: server.store, copy });

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  copy = new FakeCopy();
});
afterEach(() => vi.useRealTimers());

describe('a change', () => {
  it('is seen at once and stored a moment later, once for many', async () => {
    const preferences = page();
    await preferences.load();
    const seen: number[] = [];
    preferences.subscribe(() => seen.push(preferences.get().mask_opacity));
    for (const mask_opacity of [0.1, 0.2, 0.3]) preferences.set({ mask_opacity });
    expect(seen).toEqual([0.1, 0.2, 0.3]);
    expect(server.stores).toBe(0);
    await vi.advanceTimersByTimeAsync(LATER);
    expect(server.stores).toBe(1);
    expect(server.settings.mask_opacity).toBe(0.3);
  });

  it('that is made while another is on its way is stored, too', async () => {
    const preferences = page();
    preferences.set({ brush_size: 30 });
    const saved = preferences.save();
    preferences.set({ brush_size: 40, crosshair: true });
    await saved;
    expect(server.settings).toMatchObject({ brush_size: 40, crosshair: true });
    expect(preferences.get()).toMatchObject({ brush_size: 40, crosshair: true });
  });

  it('is heard of once: that it was stored changes nothing', async () => {
    const preferences = page();
    const listener = vi.fn();
    preferences.subscribe(listener);
    preferences.set({ photo: { brightness: 0.1, contrast: 0, gamma: 1 } });
    const { photo } = preferences.get();
    await preferences.save();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(preferences.get().photo).toBe(photo);
  });

  it('is not heard any more after leaving', () => {
    const preferences = page();
    const listener = vi.fn();
    preferences.subscribe(listener)();
    preferences.set({ theme: 'dark' });
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('of two windows', () => {
  it('the last one wins, and what only the other one set stays', async () => {
    const [one, two] = [page(), page()];
    await Promise.all([one.load(), two.load()]);
    one.set({ theme: 'dark', crosshair: true });
    await one.save();
    two.set({ theme: 'light' });
    await two.save();
    expect(server.settings).toMatchObject({ theme: 'light', crosshair: true });
    expect(two.get()).toMatchObject({ theme: 'light', crosshair: true });
  });
});

describe('without the server', () => {
  it('settings are those that were left in this browser', async () => {
    server.change({ theme: 'dark', language: 'zh-CN' });
    await page().load();
    server.trouble = new NetworkError();
    const preferences = page();
    await preferences.load();
    expect(preferences.get()).toMatchObject({ theme: 'dark', language: 'zh-CN' });
  });

  it('changes are kept over a reload, and stored when it is back', async () => {
    server.trouble = new NetworkError();
    const preferences = page();
    preferences.set({ brush_size: 77 });
    await preferences.save();
    expect(server.settings.brush_size).toBeUndefined();
    server.trouble = null;
    server.change({ theme: 'dark' });
    const next = page();
    expect(next.get().brush_size).toBe(77);
    await next.load();
    expect(server.settings).toMatchObject({ brush_size: 77, theme: 'dark' });
    expect(next.get()).toMatchObject({ brush_size: 77, theme: 'dark' });
  });

  it('a change is tried again with the next one', async () => {
    const preferences = page();
    server.trouble = new ApiError(503, {});
    preferences.set({ crosshair: true });
    await preferences.save();
    server.trouble = null;
    preferences.set({ preview: false });
    await vi.advanceTimersByTimeAsync(LATER);
    expect(server.settings).toMatchObject({ crosshair: true, preview: false });
  });
});

it('what the server refuses is taken back, and not sent again', async () => {
  const preferences = page();
  await preferences.load();
  server.trouble = new ApiError(422, {});
  preferences.set({ brush_size: -1 });
  await preferences.save();
  expect(preferences.get().brush_size).toBe(DEFAULTS.brush_size);
  await page().load();
  expect(server.stores).toBe(1);
});

it('the defaults are the server’s own', () => {
  const { properties } = openapi.components.schemas.Settings;
  const theirs = Object.entries(properties).map(([name, property]) => [
    name,
    'default' in property ? property.default : null,
  ]);
  expect(Object.fromEntries(theirs)).toEqual(DEFAULTS);
});
