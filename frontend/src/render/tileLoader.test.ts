import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Tile } from './tileGrid';
import { TileLoader } from './tileLoader';

interface Request {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly answer: (ok: boolean) => void;
}

let requests: Request[];

beforeEach(() => {
  requests = [];
  vi.stubGlobal(
    'fetch',
    (url: string, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve) => {
        requests.push({ url, signal, answer: (ok) => resolve({ ok, status: 500, blob: () => url }) });
      }),
  );
  vi.stubGlobal('createImageBitmap', (url: string) => Promise.resolve({ url, close: () => undefined }));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function loaderOf() {
  const arrived: number[] = [];
  const urlOf = ({ x }: Tile) => String(x);
  return { arrived, loader: new TileLoader({ urlOf, onTile: ({ x }) => arrived.push(x) }) };
}

const row = (...columns: number[]): Tile[] => columns.map((x) => ({ level: 0, x, y: 0 }));
const settled = () => vi.advanceTimersByTimeAsync(0);

it('asks for a few at a time, the first first', async () => {
  const { arrived, loader } = loaderOf();
  loader.want(row(5, 6, 7, 8, 9, 10));
  expect(requests.map(({ url }) => url)).toEqual(['5', '6', '7', '8']);
  requests[1]?.answer(true);
  await settled();
  expect(arrived).toEqual([6]);
  expect(requests.map(({ url }) => url)).toEqual(['5', '6', '7', '8', '9']);
});

it('gives up what is no longer wanted and goes on with what still is', async () => {
  const { arrived, loader } = loaderOf();
  loader.want(row(1, 2, 3, 4));
  loader.want(row(4, 20));
  expect(requests.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false, false]);
  for (const { answer } of requests) answer(true);
  await settled();
  expect(arrived).toEqual([4, 20]);
});

it('asks once for a tile that has come', async () => {
  const { loader } = loaderOf();
  loader.want(row(1));
  requests[0]?.answer(true);
  await settled();
  expect(requests).toHaveLength(1);
});

it('rests after a failure and tries again', async () => {
  const { arrived, loader } = loaderOf();
  loader.want(row(1));
  requests[0]?.answer(false);
  await settled();
  loader.want(row(1));
  expect(requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3000);
  requests[1]?.answer(true);
  await settled();
  expect(arrived).toEqual([1]);
});

it('asks for nothing after it was stopped', async () => {
  const { loader } = loaderOf();
  loader.want(row(1));
  requests[0]?.answer(false);
  await settled();
  loader.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(requests).toHaveLength(1);
});
