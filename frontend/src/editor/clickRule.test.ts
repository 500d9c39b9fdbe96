import { describe, expect, test } from 'vitest';
import type { Candidate, MaskToken, Prompt } from '../geometry/decoding';
import { wholeCrop } from '../geometry/crops';
import { gridSize } from '../geometry/grid';
import { LOGIT_SIDE } from '../geometry/upsample';
import { chooseToken, obeying, type Prompted } from './clickRule';
import { depthsOf } from './depths';
import fixture from './fixtures/clickRule.json';
import { ladderOf, onGrid } from './ladder';

const { extent, cases, places } = fixture;
const discs = new Map(
  Object.entries(fixture.discs).map(([name, logits]) => [name, Float32Array.from(logits)]),
);

function disc(name: string | null): Float32Array {
  const logits = name === null ? undefined : discs.get(name);
  if (!logits) throw new Error(`There is no disc ${name}.`);
  return logits;
}

describe('the rule of clicks is that of models/sam/click_rule.py', () => {
  test.each(cases)('$name', ({ clicks, boxed, previous, masks, ious, token, decided }) => {
    const question = {
      clicks,
      boxed,
      masks: masks.map((name, i) => ({
        token: i as MaskToken,
        logits: disc(name),
        predictedIou: ious[i] ?? 0,
      })),
      previous: previous === null ? null : disc(previous),
    };
    expect(chooseToken(question, extent)).toBe(token);
    const taken = disc(masks[token] ?? null);
    const obedient = obeying(taken, question, extent);
    if (decided === null) expect(obedient).toBe(taken);
    else decided.forEach((value, cell) => expect(obedient[cell]).toBeCloseTo(value, 3));
  });

  test.each(places)('a point of an image of $image, for an input of $input_side', (place) => {
    const prompts: readonly Prompt[] = [{ kind: 'point', ...place.point, label: 1 }];
    const { clicks, boxed } = onGrid(prompts, wholeCrop(place.image), place.input_side);
    expect(boxed).toBe(false);
    expect(clicks[0]?.column).toBeCloseTo(place.click.column, 9);
    expect(clicks[0]?.row).toBeCloseTo(place.click.row, 9);
    expect(gridSize(place.image, place.input_side)).toEqual(place.extent);
  });
});

describe('depth', () => {
  test('counts to the nearest cell outside, and the edge is outside', () => {
    const depths = depthsOf(new Uint8Array(15).fill(1), { width: 5, height: 3 });
    expect([...depths]).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1]);
  });

  test('is the Euclidean distance, looked up the slow way', () => {
    const size = { width: 23, height: 17 };
    const region = Uint8Array.from({ length: 23 * 17 }, (_, i) => ((i * 7919) % 13 === 0 ? 0 : 1));
    const outside = [...region.keys()].filter((i) => !region[i]).map((i) => [i % 23, Math.floor(i / 23)]);
    depthsOf(region, size).forEach((depth, i) => {
      const [x, y] = [i % 23, Math.floor(i / 23)];
      const cells = outside.map(([column = 0, row = 0]) => Math.hypot(column - x, row - y));
      expect(depth).toBeCloseTo(Math.min(...cells, x + 1, y + 1, 23 - x, 17 - y), 9);
    });
  });
});

describe('the ladder', () => {
  const crop = [0, 0, 1024, 1024] as const;

  /** A disc around the middle of the grid. */
  function candidate(token: MaskToken, radius: number): Candidate {
    const logits = new Float32Array(LOGIT_SIDE ** 2).map(
      (_, i) => radius - Math.hypot((i % LOGIT_SIDE) - 127.5, Math.floor(i / LOGIT_SIDE) - 127.5),
    );
    const gridArea = logits.filter((value) => value > 0).length;
    return { token, logits, inputSide: 1024, crop, predictedIou: 0.9, stability: 0.5, gridArea };
  }

  const prompts = (x: number): readonly Prompt[] => [
    { kind: 'point', x: 512, y: 512, label: 1 },
    { kind: 'point', x, y: 512, label: 1 },
  ];
  const candidates = [candidate(0, 120), candidate(1, 10), candidate(2, 40), candidate(3, 90)];

  test('shows the mask first that explains the second click', () => {
    const previous = candidate(1, 10);
    const { rungs, first } = ladderOf({ prompts: prompts(512 + 100), previous }, candidates);
    expect(rungs.map(({ name, candidate: { token } }) => [name, token])).toEqual([
      ['single', 0],
      ['whole', 3],
      ['part', 2],
      ['subpart', 1],
    ]);
    expect(rungs[first]?.candidate.token).toBe(2);
  });

  test('offers masks that obey, and measures them anew; those that obeyed stay what they were', () => {
    const asked = { prompts: prompts(512 + 100), previous: candidate(1, 10) };
    const { rungs } = ladderOf(asked, candidates);
    const byToken = new Map(rungs.map((rung) => [rung.candidate.token, rung.candidate]));
    expect(byToken.get(0)).toBe(candidates[0]);
    const small = byToken.get(1);
    expect(small?.logits[127 * LOGIT_SIDE + 152]).toBeGreaterThan(0);
    expect(small?.gridArea).toBe(small?.logits.filter((value) => value > 0).length);
    expect(small?.stability).not.toBe(0.5);
  });

  test('a box says which mask is meant, and clicks beside it are obeyed', () => {
    const box: Prompt = { kind: 'box', box: { x0: 0, y0: 0, x1: 9, y1: 9 } };
    const prompted: Prompted = onGrid([...prompts(612).slice(1), box], crop, 1024);
    expect(prompted).toMatchObject({ boxed: true, clicks: [{ foreground: true }] });
    const asked = { prompts: [...prompts(612).slice(1), box], previous: null };
    const { rungs, first } = ladderOf(asked, candidates);
    expect(rungs[first]?.candidate.token).toBe(0);
    expect(rungs.every((rung) => (rung.candidate.logits[127 * LOGIT_SIDE + 152] ?? 0) > 0)).toBe(true);
  });
});
