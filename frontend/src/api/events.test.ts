import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { followProject, type ProjectListener } from './events';

/** The browser's event source, as far as it is used. */
class FakeSource extends EventTarget {
  static open: FakeSource[] = [];
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;

  constructor(readonly url: string) {
    super();
    FakeSource.open.push(this);
  }
  close(): void {
    FakeSource.open = FakeSource.open.filter((source) => source !== this);
  }
  say(name: string, data: unknown): void {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data) }));
  }
}

const newPage = () => Object.assign(new EventTarget(), { hidden: false });
let page = newPage();
const turn = (hidden: boolean) => {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
};
const source = (): FakeSource => {
  const [only, ...others] = FakeSource.open;
  if (!only || others.length > 0) throw new Error(`${FakeSource.open.length} streams are open.`);
  return only;
};

let listener: { [Name in keyof ProjectListener]: ReturnType<typeof vi.fn<ProjectListener[Name]>> };

beforeEach(() => {
  FakeSource.open = [];
  page = newPage();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', page);
  listener = { onImage: vi.fn(), onProject: vi.fn(), onModel: vi.fn(), onGap: vi.fn() };
});

afterEach(() => vi.unstubAllGlobals());

describe('the events of a project', () => {
  it('arrive by their names', () => {
    followProject(7, listener);
    expect(source().url).toBe('/api/projects/7/events');
    source().say('image', { image_id: 3 });
    source().say('model', { name: 'sam_vit_b' });
    source().say('project', { project_id: 7 });
    expect(listener.onImage).toHaveBeenCalledWith({ image_id: 3 });
    expect(listener.onModel).toHaveBeenCalledWith({ name: 'sam_vit_b' });
    expect(listener.onProject).toHaveBeenCalledTimes(1);
  });

  it('may have been missed when the stream broke, and not when it opens for the first time', () => {
    followProject(7, listener);
    source().onopen();
    expect(listener.onGap).not.toHaveBeenCalled();
    source().onerror();
    source().onopen();
    source().onopen();
    expect(listener.onGap).toHaveBeenCalledTimes(1);
  });

  it('are not listened to while the page is out of sight; then everything is read again', () => {
    followProject(7, listener);
    turn(true);
    expect(FakeSource.open).toEqual([]);
    turn(false);
    source().onopen();
    expect(listener.onGap).toHaveBeenCalledTimes(1);
  });

  it('end when nobody follows them any more', () => {
    followProject(7, listener)();
    turn(true);
    turn(false);
    expect(FakeSource.open).toEqual([]);
  });
});
