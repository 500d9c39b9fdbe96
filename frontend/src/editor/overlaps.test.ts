import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { fullMaskOf, runsOf } from '../geometry/fullMask';
import { combine } from '../geometry/runs';
import { masksOf } from '../geometry/testing/masks';
import type { Annotation, OverlapRule } from './model';
import { separate } from './overlaps';
import { areDisjoint, inBox, pixels, SIZE, withMask } from './testing/masks';

const NONE: ReadonlySet<string> = new Set();
const OLD = withMask('old', pixels(inBox(0, 0, 20, 20)));
const NEW = withMask('new', pixels(inBox(10, 0, 30, 20)));

function apart(
  changed: readonly Annotation[],
  around: { annotations?: readonly Annotation[]; locked?: ReadonlySet<string>; rule?: OverlapRule },
) {
  return separate(changed, {
    annotations: [OLD],
    locked: NONE,
    rule: 'yield',
    imageSize: SIZE,
    ...around,
  });
}

function masks(separation: ReturnType<typeof separate>) {
  if (separation.refusal) throw new Error(separation.refusal.key);
  return Object.fromEntries(separation.annotations.map(({ id, mask }) => [id, mask]));
}

describe('where a new mask meets an old one', () => {
  test('nothing happens while the rule is off', () => {
    expect(masks(apart([NEW], { rule: 'off' }))).toEqual({ new: NEW.mask });
  });

  test('the new one yields', () => {
    expect(masks(apart([NEW], { rule: 'yield' }))).toEqual({ new: pixels(inBox(20, 0, 30, 20)) });
  });

  test('or bites', () => {
    expect(masks(apart([NEW], { rule: 'bite' }))).toEqual({
      new: NEW.mask,
      old: pixels(inBox(0, 0, 10, 20)),
    });
  });

  test('a locked one is never bitten', () => {
    expect(masks(apart([NEW], { rule: 'bite', locked: new Set(['old']) }))).toEqual({
      new: pixels(inBox(20, 0, 30, 20)),
    });
  });

  test.each(['yield', 'bite'] as const)('the higher layer keeps its pixels: %s', (rule) => {
    expect(masks(apart([{ ...NEW, layer: 1 }], { rule }))).toEqual({
      new: NEW.mask,
      old: pixels(inBox(0, 0, 10, 20)),
    });
    expect(masks(apart([{ ...NEW, layer: -1 }], { rule }))).toEqual({ new: pixels(inBox(20, 0, 30, 20)) });
  });

  test('the account of either says what it lost', () => {
    const yielded = apart([NEW], { rule: 'yield' });
    const [only] = yielded.refusal ? [] : yielded.annotations;
    expect(only?.provenance.edits).toEqual([{ kind: 'overlap', pixels: 200, at_ms: 1000 }]);
  });

  test('a part and its whole overlap, and so does a part of a part', () => {
    const whole = withMask('whole', pixels(inBox(0, 0, 40, 40)));
    const part = withMask('part', pixels(inBox(0, 0, 20, 20)), { parentId: 'whole' });
    const subpart = withMask('subpart', pixels(inBox(0, 0, 10, 10)), { parentId: 'part' });
    expect(masks(apart([subpart], { annotations: [whole, part] }))).toEqual({ subpart: subpart.mask });
    expect(masks(apart([whole], { annotations: [part, subpart], rule: 'bite' }))).toEqual({
      whole: whole.mask,
    });
  });
});

describe('nothing vanishes', () => {
  const within = withMask('within', pixels(inBox(5, 5, 10, 10)));

  test('a mask that would yield all its pixels is refused', () => {
    expect(apart([within], { rule: 'yield' }).refusal).toEqual({ key: 'editor:overlapLeavesNothing' });
  });

  test('and one that would leave nothing of another', () => {
    expect(apart([OLD], { annotations: [within], rule: 'bite' }).refusal).toEqual({
      key: 'editor:overlapCovers',
    });
  });
});

describe('any masks', () => {
  const annotations = (prefix: string) =>
    fc
      .array(fc.record({ runs: masksOf(SIZE), layer: fc.integer({ min: -1, max: 1 }) }), { maxLength: 3 })
      .map((drawn) =>
        drawn.map(({ runs, layer }, i) => withMask(`${prefix}${i}`, fullMaskOf(runs, SIZE), { layer })),
      );

  test('share no pixel afterwards, nor is there one that was in none before', () => {
    const cases = fc.record({
      old: annotations('old'),
      changed: annotations('new'),
      rule: fc.constantFrom<OverlapRule>('yield', 'bite'),
    });
    fc.assert(
      fc.property(cases, ({ old, changed, rule }) => {
        const disjoint = oneByOne(old, 'bite');
        const separation = disjoint && apart(changed, { annotations: disjoint, rule });
        fc.pre(disjoint !== null && separation?.refusal === null);
        const after = new Map([...disjoint, ...separation.annotations].map((one) => [one.id, one]));
        expect(areDisjoint([...after.values()])).toBe(true);
        expect(union([...after.values()])).toEqual(union([...disjoint, ...changed]));
      }),
      { numRuns: 40 },
    );
  });
});

/** As if drawn one after the other; null where one would vanish. */
function oneByOne(drawn: readonly Annotation[], rule: OverlapRule): readonly Annotation[] | null {
  let there = new Map<string, Annotation>();
  for (const one of drawn) {
    const separation = apart([one], { annotations: [...there.values()], rule });
    if (separation.refusal) return null;
    there = new Map([...there, ...separation.annotations.map((each) => [each.id, each] as const)]);
  }
  return [...there.values()];
}

function union(annotations: readonly Annotation[]) {
  const empty = runsOf(pixels(() => false));
  const runs = annotations.reduce((sum, { mask }) => combine(sum, runsOf(mask), 'union'), empty);
  return fullMaskOf(runs, SIZE);
}
