import { describe, expect, it, vi } from 'vitest';

import { NetworkError } from '../../api/errors';
import type { Image, UploadResult } from '../../api/types';
import { Uploads } from './uploads';

const file = (name: string) => new File(['x'], name);
const image = (id: number) => ({ id }) as Image;
const created = (id: number): UploadResult => ({
  file_name: `${id}.png`,
  outcome: 'created',
  image: image(id),
  error: null,
});
const rejected: UploadResult = {
  file_name: 'notes.txt',
  outcome: 'rejected',
  image: null,
  error: { code: 'not_an_image', detail: 'notes.txt is not an image.' },
};

const states = (uploads: Uploads) => uploads.getList().map(({ state }) => state);

describe('uploads', () => {
  it('send three files at a time', async () => {
    const finish: (() => void)[] = [];
    const send = vi.fn(() => new Promise<UploadResult>((resolve) => finish.push(() => resolve(created(1)))));
    const uploads = new Uploads(send, vi.fn());
    uploads.add(1, ['a', 'b', 'c', 'd'].map(file));
    expect(states(uploads)).toEqual(['sending', 'sending', 'sending', 'waiting']);
    finish[0]?.();
    await vi.waitFor(() => expect(states(uploads)).toEqual(['created', 'sending', 'sending', 'sending']));
  });

  it('go on after a rejected file, and keep its reason', async () => {
    const arrived: number[] = [];
    const send = (_: number, { name }: File) => Promise.resolve(name === 'notes.txt' ? rejected : created(2));
    const uploads = new Uploads(send, ({ id }) => arrived.push(id));
    uploads.add(1, [file('notes.txt'), file('b.png')]);
    await vi.waitFor(() => expect(states(uploads)).toEqual(['rejected', 'created']));
    expect(uploads.getList()[0]?.reason?.message).toBe('notes.txt is not an image.');
    expect(arrived).toEqual([2]);
  });

  it('are sent again on retry when the way to the server was broken', async () => {
    const send = vi.fn().mockRejectedValueOnce(new NetworkError()).mockResolvedValue(created(3));
    const uploads = new Uploads(send, vi.fn());
    uploads.add(1, [file('a.png')]);
    await vi.waitFor(() => expect(states(uploads)).toEqual(['failed']));
    uploads.retryFailed(1);
    await vi.waitFor(() => expect(states(uploads)).toEqual(['created']));
  });

  it('leave out what file managers put into folders', () => {
    const uploads = new Uploads(() => new Promise(() => undefined), vi.fn());
    uploads.add(1, ['.DS_Store', 'Thumbs.db', 'a.png'].map(file));
    expect(uploads.getList().map((upload) => upload.file.name)).toEqual(['a.png']);
  });

  it('of one project are cleared without touching another', () => {
    const uploads = new Uploads(() => new Promise(() => undefined), vi.fn());
    uploads.add(1, [file('a.png')]);
    uploads.add(2, [file('b.png')]);
    uploads.clear(1);
    expect(uploads.getList().map(({ projectId }) => projectId)).toEqual([2]);
  });
});
