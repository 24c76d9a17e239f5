import assert from "node:assert/strict";
import test from "node:test";

import explorer, * as lsb from "../../lsb_nb/widgets/explorer.mjs";

const seed = (over = {}) => ({
  format: 1, activity: "甲", quarter: "2021Q4", sha256: "ab", noun: "村",
  units: ["东", "南", "西", "北"],
  pillars: ["P", "Q"],
  criteria: [{ name: "a", pillar: 0 }, { name: "b", pillar: 0 }, { name: "c", pillar: 1 }],
  scores: [[90e9, 80e9, 70e9], [80e9, 90e9, 70e9], [60e9, null, 95e9], [50e9, 50e9, 50e9]].map((r) => r.map((x) => (x === null ? null : x / 1))),
  den: [1e11, 1e11, 1e11], filled: [], adjustments: [0, 0, 0, 0], vetoed: [], method: "arithmetic", tie: [], plain: true, notes: [], saved: [],
  official: { pillars: ["60", "40"], criteria: ["1/3", "1/3", "5"] },
  ...over,
});
const open = { pillar: [false, false, false], criterion: [false, false, false] };
const total = (list) => list.reduce((a, b) => a + b, 0);

test("the module has a default object with render and nothing else that runs", () => {
  assert.deepEqual(Object.keys(explorer), ["render"]);
  assert.ok(!("render" in lsb));
});

test("rational reads decimals, fractions, exponents and doubles exactly", () => {
  for (const [text, n, d] of [["3/7", 3n, 7n], ["12.50", 1250n, 100n], ["1e-7", 1n, 10000000n], ["-0.5", -5n, 10n], [2.5e3, 2500n, 1n]]) {
    const r = lsb.rational(text);
    assert.equal(r.n * d, n * r.d, text);
  }
  assert.throws(() => lsb.rational("十"));
});

test("publishing rounds half away from zero, first to 9 decimals, then to 2", () => {
  const exact = (text) => () => lsb.rational(text);
  for (const [text, cents] of [["92.345", 9235], ["92.3449999996", 9235], ["92.3449999995", 9235], ["92.3449999994", 9234], ["92.34499999949999", 9234], ["-0.345", -35], ["-0.3449999994", -34], ["0", 0], ["100.004", 10000], ["104.995", 10500]])
    assert.equal(lsb.published(Number(text), exact(text)), cents, text);
  assert.ok(lsb.published(NaN) < -1e9);
});

test("an exact call decides where a double cannot", () => {
  const close = 92.34499999950000001;
  assert.equal(lsb.published(close, () => lsb.rational("92.34499999949999999999")), 9234);
  assert.equal(lsb.published(close, () => lsb.rational("92.34499999950000000000")), 9235);
});

test("apportion gives whole parts that add up, equal shares first come first served", () => {
  const third = lsb.rational("1/3");
  assert.deepEqual(lsb.apportion([third, third, third], 100), [34, 33, 33]);
  assert.deepEqual(lsb.apportion([lsb.rational(0), lsb.rational(0)], 100), [0, 0]);
});

test("rebalance keeps the sum, honours locks and lets the others give way pro rata", () => {
  const T = lsb.TOTAL;
  const group = [30e9, 50e9, 20e9];
  for (const [i, v, locked] of [[0, 50e9, [false, false, false]], [1, 0, [false, false, true]], [2, 1e12, [true, false, false]], [2, -5, [false, false, false]]]) {
    const next = lsb.rebalance(group, i, v, locked);
    assert.equal(total(next), T);
    assert.ok(next.every((x) => Number.isInteger(x) && x >= 0));
    locked.forEach((yes, j) => yes && j !== i && assert.equal(next[j], group[j]));
  }
  assert.deepEqual(lsb.rebalance(group, 0, 60e9, [false, false, false]), [60e9, 28571428571, 11428571429]);
  assert.deepEqual(lsb.rebalance(group, 0, 60e9, [false, true, true]), group);
  assert.deepEqual(lsb.rebalance(group, 2, 100e9, [true, false, false]), [30e9, 0, 70e9]);
});

test("after everything went to one weight the others come back in their official proportion", () => {
  const all = lsb.rebalance([30e9, 50e9, 20e9], 0, 100e9, [false, false, false]);
  assert.deepEqual(all, [100e9, 0, 0]);
  assert.deepEqual(lsb.rebalance(all, 0, 30e9, [false, false, false], [30e9, 50e9, 20e9]), [30e9, 50e9, 20e9]);
});

test("a thousand random moves keep every sum at exactly 100", () => {
  let state = 7;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const M = lsb.prepare(seed());
  let W = lsb.weightsOf(M);
  for (let i = 0; i < 1000; i++) {
    const slider = random() < 0.5 ? { kind: "pillar", index: Math.floor(random() * 2) } : { kind: "criterion", index: Math.floor(random() * 3) };
    W = lsb.moved(M, W, slider, random() < 0.2 ? (random() < 0.5 ? 0 : 100) : random() * 100, open);
    assert.equal(total(W.pillar), lsb.TOTAL);
    for (const list of M.members) assert.equal(total(list.map((k) => W.inner[k])), lsb.TOTAL);
    const E = lsb.effective(M, W);
    assert.ok(Math.abs(total(E.criterion) - 100) < 1e-9);
  }
});

test("what does not apply gives its weight to its pillar, a pillar without anything to the others", () => {
  const M = lsb.prepare(seed());
  const R = lsb.evaluate(M, lsb.weightsOf(M));
  assert.equal(R.cents[2], 7400); // 0.6 × 60 + 0.4 × 95
  const without = lsb.prepare(seed({ scores: [[null, null, 70e9], [80e9, 90e9, 70e9], [60e9, null, 95e9], [null, null, null]] }));
  const S = lsb.evaluate(without, lsb.weightsOf(without));
  assert.equal(S.cents[0], 7000);
  assert.equal(S.rank[3], 0);
  assert.deepEqual([...S.order], [1, 2, 0, 3]);
});

test("equal scores share a place, a chain breaks ties, a veto keeps its score without a place", () => {
  const plain = lsb.evaluate(lsb.prepare(seed()), lsb.weightsOf(lsb.prepare(seed())));
  assert.deepEqual([...plain.rank], [1, 1, 3, 4]);
  const chained = lsb.prepare(seed({ tie: [["p", 0], ["c", 1]], vetoed: [2] }));
  const R = lsb.evaluate(chained, lsb.weightsOf(chained));
  assert.deepEqual([...R.rank], [2, 1, 0, 3]);
  assert.deepEqual([...R.order], [1, 0, 3, 2]);
});

test("a unit is unrated when its rated criteria lose all weight, even where the rest counts full marks", () => {
  const M = lsb.prepare(seed({ scores: [[90e9, 80e9, 1e11], [80e9, 90e9, 70e9], [60e9, 60e9, 95e9], [50e9, 50e9, 50e9]], filled: [[0, 2]] }));
  const W = lsb.moved(M, lsb.weightsOf(M), { kind: "pillar", index: 1 }, 100, open);
  const R = lsb.evaluate(M, W);
  assert.equal(R.rank[0], 0);
  assert.equal(R.order[3], 0);
});

test("geometric and harmonic means refuse a score of 0 that has weight, and only then", () => {
  for (const method of ["geometric", "harmonic"]) {
    const M = lsb.prepare(seed({ method, scores: [[0, 80e9, 70e9], [80e9, 90e9, 70e9], [60e9, 60e9, 95e9], [50e9, 50e9, 50e9]] }));
    const W = lsb.weightsOf(M);
    assert.deepEqual(lsb.evaluate(M, W).refused, [0]);
    assert.deepEqual(lsb.evaluate(M, lsb.moved(M, W, { kind: "criterion", index: 0 }, 0, open)).refused, []);
  }
});

test("gap parts add up exactly, and as printed", () => {
  const M = lsb.prepare(seed({ adjustments: [1e9, 0, -2.5e9, 0] }));
  const W = lsb.weightsOf(M);
  const R = lsb.evaluate(M, W);
  const [own, other] = [lsb.profile(M, W, 2), lsb.profile(M, W, 0)];
  const gap = lsb.gapParts(own, other);
  const sum = total(gap.parts.map((p) => p.value)) + gap.weights + gap.adjustment;
  assert.ok(Math.abs(sum - gap.total) < 1e-12);
  assert.ok(Math.abs(gap.total - (R.total[2] - R.total[0])) < 1e-12);
  const printed = lsb.roundParts([...gap.parts.map((p) => p.value), gap.weights, gap.adjustment], R.cents[2] - R.cents[0]);
  assert.equal(total(printed), R.cents[2] - R.cents[0]);
  assert.deepEqual(lsb.roundParts([0, 0.333333, 0.333333, 0.333334], 100), [0, 33, 33, 34]);
});

test("references: medians of the ranked, full marks", () => {
  const M = lsb.prepare(seed({ vetoed: [0] }));
  const W = lsb.weightsOf(M);
  const median = lsb.medianProfile(M, W, lsb.evaluate(M, W));
  assert.deepEqual([...median.marks], [60, 70, 70]);
  const own = lsb.profile(M, W, 2);
  const full = lsb.gapParts(own, lsb.fullProfile(M, own));
  assert.ok(Math.abs(full.total - (own.total - 100)) < 1e-12);
  assert.ok(Math.abs(full.weights) < 1e-12);
});

test("past a tipping point the other unit leads, before it it does not", () => {
  for (const method of ["arithmetic", "geometric", "harmonic"]) {
    const M = lsb.prepare(seed({ method, adjustments: [0, 0, 2e9, 0], scores: [[91e9, 80e9, 70e9], [80e9, 90e9, 70e9], [60e9, null, 95e9], [50e9, 50e9, 50e9]] }));
    const W = lsb.weightsOf(M);
    const R = lsb.evaluate(M, W);
    const sliders = [{ kind: "pillar", index: 0 }, { kind: "pillar", index: 1 }, { kind: "criterion", index: 0 }, { kind: "criterion", index: 1 }];
    let found = 0;
    for (const slider of sliders)
      for (const tip of lsb.tipping(M, W, slider, open, 1, R)) {
        found++;
        const now = (slider.kind === "pillar" ? W.pillar[slider.index] : W.inner[slider.index]) / 1e9;
        const way = tip.at > now ? 1 : -1;
        const lead = (x) => {
          const r = lsb.evaluate(M, lsb.moved(M, W, slider, x, open));
          return r.total[tip.to] - r.total[tip.from];
        };
        assert.ok(lead(tip.at + way * 1e-3) > 0, `${method} ${slider.kind} past`);
        assert.ok(lead(tip.at - way * 1e-3) < 0, `${method} ${slider.kind} before`);
        const shown = lsb.shownTip(M, W, slider, open, tip);
        if (shown === null) continue;
        assert.ok(Math.abs(shown * 10 - Math.round(shown * 10)) < 1e-9);
        const scale = slider.kind === "pillar" ? 1 : W.pillar[M.pillarOf[slider.index]] / lsb.TOTAL;
        assert.ok((shown / scale - tip.at) * way >= -1e-9, "rounded away from the present weight");
        const r = lsb.evaluate(M, lsb.moved(M, W, slider, shown / scale, open));
        assert.ok(r.cents[tip.to] > r.cents[tip.from], "published scores have changed order");
      }
    assert.ok(found >= 3, method);
  }
});

test("a locked slider and one whose others are locked have no tipping points", () => {
  const M = lsb.prepare(seed());
  const W = lsb.weightsOf(M);
  const R = lsb.evaluate(M, W);
  assert.deepEqual(lsb.tipping(M, W, { kind: "pillar", index: 0 }, { pillar: [false, true], criterion: [] }, 2, R), []);
  assert.deepEqual(lsb.tipping(M, W, { kind: "criterion", index: 2 }, open, 2, R), []);
});

test("a scenario file says only what differs, in plain decimals, with text escaped", () => {
  const M = lsb.prepare(seed());
  const W = lsb.moved(M, lsb.weightsOf(M), { kind: "pillar", index: 0 }, 55.5, open);
  const text = lsb.scenarioText(M, W, '引号"与\\', "两行\n理由", "2021-12-31T08:00:00");
  assert.match(text, /^format = 1$/m);
  assert.ok(text.includes('name = "引号\\"与\\\\"'));
  assert.ok(text.includes('reason = "两行\\u000a理由"'));
  assert.match(text, /\[pillar_weights\]\n"P" = 55\.5\n"Q" = 44\.5\n/);
  assert.ok(!text.includes("criterion_weights"));
});

test("a file name cannot leave its folder", () => {
  for (const name of ["../../x", "..\\x", "a/b:c*", "CON.", "\u202etxt", "  ", "长".repeat(90)]) {
    const file = lsb.scenarioFile("2021Q4", name);
    assert.match(file, /^2021Q4-[^\\/:*?"<>|]*\.toml$/);
    assert.ok(!file.includes(".."));
    assert.ok([...file].length <= 65);
  }
});

test("sentences are filled once: braces in a name stay what they are", () => {
  assert.equal(lsb.fill("{a}和{b}", { a: "{b}", b: "{{7*7}}" }), "{b}和{{7*7}}");
  assert.equal(lsb.fill("{a}", { a: "$& </script>" }), "$& </script>");
});

test("numbers print half-up with a true minus", () => {
  assert.equal(lsb.fixed(-0.345), "−0.35");
  assert.equal(lsb.fixed(-0.001), "0.00");
  assert.equal(lsb.signed(0.004), "0.00");
  assert.equal(lsb.signed(1.005), "+1.01");
});

test("a level ranks by its own published score, units without it last", () => {
  const M = lsb.prepare(seed());
  const view = lsb.levelView(M, lsb.evaluate(M, lsb.weightsOf(M)), ["c", 1]);
  assert.deepEqual([...view.rank], [2, 1, 0, 3]);
  assert.deepEqual([...view.order], [1, 0, 3, 2]);
});
