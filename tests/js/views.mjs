// Appended by a Python test to a module that has `lsb` and `M`: prints gaps and tipping points of the official scheme.
const W = lsb.weightsOf(M);
const R = lsb.evaluate(M, W);
const out = { gaps: {}, tips: [] };
const open = { pillar: M.seed.pillars.map(() => false), criterion: M.seed.criteria.map(() => false) };
const best = R.order[0];
const references = {
  best: () => [lsb.profile(M, W, best), R.cents[best]],
  median: () => {
    const middle = lsb.medianProfile(M, W, R);
    return [middle, lsb.published(middle.total)];
  },
  full: (own) => [lsb.fullProfile(M, own), 10000],
};
for (const [kind, reference] of Object.entries(references))
  out.gaps[kind] = M.seed.units.map((_name, u) => {
    const own = lsb.profile(M, W, u);
    const [other, cents] = reference(own);
    const gap = lsb.gapParts(own, other);
    const values = M.seed.criteria.map((_c, k) => {
      const part = gap.parts.find((x) => x.k === k);
      return part ? part.value : null;
    });
    const list = [...values.map((v) => (v === null ? 0 : v)), gap.weights, gap.adjustment];
    const shown = lsb.roundParts(list.map((v) => -v), cents - R.cents[u]);
    return { values, weights: gap.weights, adjustment: gap.adjustment, shown };
  });
for (const [kind, names] of [["pillar", M.seed.pillars], ["criterion", M.seed.criteria]])
  for (const index of names.keys())
    for (const tip of lsb.tipping(M, W, { kind, index }, open, best, R)) out.tips.push([kind, index, tip.at, tip.to]);
console.log(JSON.stringify(out));
