import { beforeEach, describe, expect, it } from 'vitest';

import type { Candidate } from '../geometry/decoding';
import { WorkerLink } from './link';
import type { DecodeArgs } from './protocol';
import { RemoteService, remoteWorker } from './remote';

const CELLS = 256 * 256;
const IMAGE = { width: 640, height: 480 };
const DECODE: DecodeArgs = {
  embeddingUrl: '/api/images/7/embeddings/e1',
  prompts: [
    { kind: 'point', x: 10.5, y: 20.5, label: 0 },
    { kind: 'box', box: { x0: 1, y0: 2, x1: 3, y1: 4 } },
  ],
  imageSize: IMAGE,
  crop: [0, 0, 640, 480],
  prior: null,
  tokens: [1, 3],
};

describe('the server in the place of the worker', () => {
  let asked: { url: string; body: Record<string, unknown> }[];
  let answers: (() => Response)[];
  let link: WorkerLink;

  /** Four IoUs, then masks that are 2 everywhere: 0x4000 as a half float. */
  function masks(count: number): Response {
    const bytes = new ArrayBuffer(16 + count * CELLS * 2);
    new Float32Array(bytes, 0, 4).set([0.25, 0.5, 0.75, 1]);
    new Uint16Array(bytes, 16).fill(0x4000);
    return new Response(bytes);
  }

  beforeEach(async () => {
    asked = [];
    answers = [];
    const fetch = ((url: string, init: RequestInit) => {
      asked.push({ url, body: JSON.parse(init.body as string) as Record<string, unknown> });
      const tokens = asked.at(-1)?.body.tokens as number[];
      return Promise.resolve((answers.shift() ?? (() => masks(tokens.length)))());
    }) as typeof globalThis.fetch;
    link = new WorkerLink(remoteWorker(new RemoteService(fetch)));
    await link.call('load', {
      decoder: { imageUrl: '/api/decoders/d1/image.onnx', clickUrl: '/api/decoders/d1/click.onnx' },
      inputSide: 1024,
      backend: 'server',
      threads: 0,
    });
  });

  it('asks about prompts in pixels of the image, by the names of image and decoder', async () => {
    const { candidates, ranOn } = await link.call('decode', DECODE);
    expect(asked).toEqual([
      {
        url: '/api/images/7/decode',
        body: {
          decoder_digest: 'd1',
          crop: [0, 0, 640, 480],
          prompts: [
            { kind: 'point', x: 10.5, y: 20.5, label: 0 },
            { kind: 'box', x0: 1, y0: 2, x1: 3, y1: 4 },
          ],
          prior: null,
          tokens: [1, 3],
        },
      },
    ]);
    expect(ranOn).toEqual({ backend: 'server', threads: 0 });
    expect(candidates.map(({ token, predictedIou, gridArea }) => [token, predictedIou, gridArea])).toEqual([
      [1, 0.5, 256 * 192],
      [3, 1, 256 * 192],
    ]);
  });

  it('sends the mask of the round before as half floats', async () => {
    const prior: Candidate = {
      token: 0,
      logits: new Float32Array(CELLS).fill(-1.5),
      inputSide: 1024,
      crop: DECODE.crop,
      predictedIou: 1,
      stability: 1,
      gridArea: 0,
    };
    await link.call('decode', { ...DECODE, prior });
    const bytes = atob(asked[0]?.body.prior as string);
    expect(bytes).toHaveLength(CELLS * 2);
    expect([bytes.charCodeAt(0), bytes.charCodeAt(1)]).toEqual([0x00, 0xbe]); // -1.5 is 0xbe00
  });

  it('shows the server an image, or a crop of it, when it is opened', async () => {
    await link.call('open', { embeddingUrl: '/api/images/7/embeddings/e1' });
    await link.call('focus', { embeddingUrl: '/api/images/7/embeddings/e1?crop=10,20,300,200', kept: [] });
    expect(asked.map(({ body }) => body.crop)).toEqual([null, [10, 20, 300, 200]]);
    expect(asked.map(({ body }) => body.tokens)).toEqual([[0], [0]]);
  });

  it('comes back when the server is busy', async () => {
    answers = [() => new Response(null, { status: 503, headers: { 'Retry-After': '0' } })];
    await link.call('decode', DECODE);
    expect(asked).toHaveLength(2);
  });

  it('says what the server says when it refuses', async () => {
    const problem = { detail: 'There is no image 7; it may have been deleted.' };
    answers = [
      () => Response.json(problem, { status: 404, headers: { 'Content-Type': 'application/problem+json' } }),
    ];
    await expect(link.call('decode', DECODE)).rejects.toThrow('There is no image 7');
  });

  it('brings masks to full size by itself', async () => {
    const logits = new Float32Array(CELLS).fill(1);
    const mask = { logits, inputSide: 1024, crop: DECODE.crop };
    expect(await link.call('fullMask', { mask, imageSize: IMAGE })).toMatchObject({ area: 640 * 480 });
    expect(asked).toEqual([]);
  });
});
