// Reads cases (seed, weightings, what Python published) and prints what differs, as JSON.
import { readFileSync } from "node:fs";

import * as lsb from "../../lsb_nb/widgets/explorer.mjs";

const wrong = [];
let count = 0;
for (const [n, { seed, tries, official }] of JSON.parse(readFileSync(process.argv[2], "utf8")).entries()) {
  const M = lsb.prepare(seed);
  const start = lsb.weightsOf(M);
  if (JSON.stringify(start) !== JSON.stringify(official)) wrong.push({ n, what: "whole weights", js: start, py: official });
  for (const [i, { weights, want }] of tries.entries()) {
    count++;
    const R = lsb.evaluate(M, weights);
    const none = (c) => (c < -2e9 ? null : c);
    const got = R.refused.length
      ? { refused: true }
      : {
          refused: false,
          order: [...R.order],
          rank: [...R.rank],
          cents: [...R.cents].map(none),
          pillars: seed.units.map((_u, u) => seed.pillars.map((_p, p) => none(lsb.partCents(M, R, u, ["p", p])))),
        };
    for (const key of Object.keys(want))
      if (JSON.stringify(got[key]) !== JSON.stringify(want[key])) {
        wrong.push({ n, i, what: key, js: got[key], py: want[key] });
        break;
      }
  }
}
console.log(JSON.stringify({ count, wrong: wrong.slice(0, 5), many: wrong.length }));
