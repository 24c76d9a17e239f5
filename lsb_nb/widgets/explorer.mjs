// The explorer: sliders for weights, ranking, gaps, scenarios. One file, because a notebook loads it through a blob
// address, from which nothing can be imported; hence longer than files here usually are. Sections:
//   1 exact numbers   2 weights   3 scores and ranks   4 gaps   5 tipping points   6 scenario files
//   7 building pages  8 the widget  9 how a notebook calls it
// Sections 1 to 6 touch no page and run under node. User-facing words are Chinese inside _("…"); the seed brings
// their translation. Nothing typed in a workbook is ever parsed as HTML: pages are built from text nodes only.

// ---------------------------------------------------------------------------------------------- 1 exact numbers
// Weights are whole billionths of a hundred (TOTAL = 100), scores whole parts of `den`: all exact in a double.
export const TOTAL = 1e11;
const NONE = -2147483648;

const fraction = (n, d) => ({ n, d });
const plus = (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
const times = (a, b) => fraction(a.n * b.n, a.d * b.d);
const over = (a, b) => (b.n < 0n ? fraction(-a.n * b.d, a.d * -b.n) : fraction(a.n * b.d, a.d * b.n));
const sum = (list) => list.reduce(plus, fraction(0n, 1n));

/** Read "3/7", "12.5", "1e-7", a whole number or a double as the fraction that its shortest decimal means. */
export function rational(value) {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?(?:\/(\d+))?$/i.exec(String(value));
  if (!match) throw new Error(`not a number: ${value}`);
  const decimals = match[3] || "";
  const shift = Number(match[4] || 0) - decimals.length;
  const n = BigInt(match[1] + match[2] + decimals) * (shift > 0 ? 10n ** BigInt(shift) : 1n);
  return fraction(n, (shift < 0 ? 10n ** BigInt(-shift) : 1n) * BigInt(match[5] || 1));
}

/** A fraction as the nearest double (to the last digit or two). */
export function toNumber({ n, d }) {
  const big = (n < 0n ? -n : n) > 9007199254740991n || d > 9007199254740991n;
  return big ? Number((n * 10n ** 24n) / d) / 1e24 : Number(n) / Number(d);
}

/** Round a fraction half away from zero to whole parts of 1/unit. */
function halfUp({ n, d }, unit) {
  const size = n < 0n ? -n : n;
  const whole = (2n * size * unit + d) / (2n * d);
  return n < 0n ? -whole : whole;
}

/**
 * Hundredths of a published score: half-up to 9 decimals, then half-up to 2. Both steps together round up from
 * 5e-10 below the half on. A double decides, unless it stands so near that edge that only `exact` can tell.
 */
export function published(value, exact) {
  if (value !== value) return NONE;
  const quick = quickCents(value);
  if (quick === quick) return quick;
  if (exact) return Number(halfUp(fraction(halfUp(exact(), 1000000000n), 1000000000n), 100n));
  const size = Math.floor(Math.abs(value) * 100 + 0.5 + 5e-8);
  return value < 0 ? -size : size;
}

/** The same where a double can tell, else NaN. */
function quickCents(value) {
  const scaled = value < 0 ? value * -100 : value * 100;
  const whole = Math.floor(scaled);
  const edge = scaled - whole - (0.5 - 5e-8);
  if (edge > -1e-8 && edge < 1e-8) return NaN;
  const size = edge >= 0 ? whole + 1 : whole;
  return value < 0 ? -size : size;
}

/** Split `amount` whole parts by fractions: largest remainders first, the earlier of equals first. */
export function apportion(fractions, amount) {
  const all = sum(fractions);
  if (all.n === 0n) return fractions.map(() => 0);
  const parts = fractions.map((x, i) => {
    const share = over(times(x, fraction(BigInt(amount), 1n)), all);
    const whole = share.n / share.d;
    return { i, whole, rest: fraction(share.n - whole * share.d, share.d) };
  });
  let left = BigInt(amount) - parts.reduce((total, part) => total + part.whole, 0n);
  const ordered = [...parts].sort((a, b) => {
    const difference = b.rest.n * a.rest.d - a.rest.n * b.rest.d;
    return difference > 0n ? 1 : difference < 0n ? -1 : a.i - b.i;
  });
  for (const part of ordered) {
    if (left <= 0n) break;
    part.whole += 1n;
    left -= 1n;
  }
  return parts.map((part) => Number(part.whole));
}

// ---------------------------------------------------------------------------------------------------- 2 weights

/** Bring a seed into arrays: what every function below calls the model. */
export function prepare(seed) {
  const n = seed.units.length;
  const m = seed.criteria.length;
  const pillarOf = Int32Array.from(seed.criteria.map((criterion) => criterion.pillar));
  const members = seed.pillars.map((_name, p) => [...pillarOf.keys()].filter((k) => pillarOf[k] === p));
  const table = (rows, den) =>
    Float64Array.from({ length: n * m }, (_v, i) => {
      const value = rows[Math.floor(i / m)][i % m];
      return value === null ? NaN : den[i % m] ? (value * 100) / den[i % m] : value;
    });
  const score = table(seed.scores, seed.den);
  const marks = seed.full ? table(seed.full, seed.criteria.map(() => TOTAL)) : score;
  const real = new Uint8Array(n * m).fill(1);
  for (const [u, k] of seed.filled || []) real[u * m + k] = 0;
  const method = seed.method || "arithmetic";
  const forward = { arithmetic: null, geometric: Math.log, harmonic: (x) => 1 / x }[method];
  const veto = new Uint8Array(n);
  for (const u of seed.vetoed || []) veto[u] = 1;
  const model = {
    seed, n, m, pillars: seed.pillars.length, pillarOf, members, score, marks, real, method, veto,
    means: forward ? score.map((x) => (x > 0 ? forward(x) : NaN)) : score,
    adjustment: Float64Array.from(seed.adjustments, (x) => x / 1e9),
    tie: seed.tie || [],
    anchors: [],
    flat: Int32Array.from(members.flat()),
    starts: Int32Array.from([0, ...members.map((_list, p) => members.slice(0, p + 1).flat().length)]),
  };
  // The same tables with the criteria of a pillar side by side, which is how `evaluate` runs through them.
  const side = (values) => values.map((_v, i) => values[i - (i % m) + model.flat[i % m]]);
  model.rows = { means: side(model.means), real: side(real) };
  for (const given of [seed.official, ...(seed.start ? [seed.start] : []), ...(seed.saved || [])]) model.anchors.push(anchor(model, given));
  return model;
}

/** Weights given as fractions, with the whole numbers that stand for them. */
function anchor(model, given) {
  const pillar = given.pillars.map(rational);
  const inner = given.criteria.map(rational);
  const whole = { pillar: apportion(pillar, TOTAL), inner: new Array(model.m).fill(0) };
  for (const list of model.members) {
    const shares = apportion(list.map((k) => inner[k]), TOTAL);
    list.forEach((k, i) => (whole.inner[k] = shares[i]));
  }
  return { pillar, inner, whole };
}

/** A copy of the whole-number weights of one anchor; 0 is the official scheme. */
export const weightsOf = (model, which = 0) => copy(model.anchors[which].whole);
const copy = (weights) => ({ pillar: weights.pillar.slice(), inner: weights.inner.slice() });
const same = (a, b, places) => (places ? places.every((k) => a[k] === b[k]) : a.every((x, i) => x === b[i]));
export const sameWeights = (a, b) => same(a.pillar, b.pillar) && same(a.inner, b.inner);

/** The fractions behind whole-number weights: those of an anchor where they are its own, else the whole numbers. */
export function exactWeights(model, weights) {
  const pillar = model.anchors.find((a) => same(a.whole.pillar, weights.pillar));
  const inner = new Array(model.m);
  for (const list of model.members) {
    const found = model.anchors.find((a) => same(a.whole.inner, weights.inner, list));
    for (const k of list) inner[k] = found ? found.inner[k] : fraction(BigInt(weights.inner[k]), 1n);
  }
  return { pillar: pillar ? pillar.pillar : weights.pillar.map((x) => fraction(BigInt(x), 1n)), inner };
}

/** Effective weights in points of 100: `pillar` sums to 100, `criterion` too. */
export function effective(model, weights) {
  const pillar = weights.pillar.map((x) => x / 1e9);
  const criterion = new Array(model.m);
  for (let k = 0; k < model.m; k++) criterion[k] = (pillar[model.pillarOf[k]] * weights.inner[k]) / TOTAL;
  return { pillar, criterion };
}

/**
 * Move one of a group of weights to `value`; the unlocked others give way pro rata and the sum stays TOTAL.
 * Where the others are all zero they come back in the proportion of `fallback`.
 */
export function rebalance(group, index, value, locked, fallback) {
  const others = group.map((_x, j) => j).filter((j) => j !== index);
  const free = others.filter((j) => !locked[j]);
  if (!free.length || locked[index]) return group.slice();
  const fixed = others.reduce((total, j) => total + (locked[j] ? group[j] : 0), 0);
  const moved = Math.max(0, Math.min(Math.round(value), TOTAL - fixed));
  const rest = TOTAL - fixed - moved;
  let basis = free.map((j) => group[j]);
  if (!basis.some((x) => x > 0)) basis = free.map((j) => (fallback ? fallback[j] : 1));
  if (!basis.some((x) => x > 0)) basis = free.map(() => 1);
  const whole = basis.reduce((a, b) => a + b, 0);
  const parts = basis.map((x) => Math.round(rest * (x / whole)));
  let left = rest - parts.reduce((a, b) => a + b, 0);
  const largest = [...parts.keys()].sort((a, b) => parts[b] - parts[a] || a - b);
  for (let i = 0; left !== 0; i = (i + 1) % largest.length) {
    const step = left > 0 ? 1 : -1;
    if (parts[largest[i]] + step < 0) continue;
    parts[largest[i]] += step;
    left -= step;
  }
  const result = group.slice();
  result[index] = moved;
  free.forEach((j, i) => (result[j] = parts[i]));
  return result;
}

/** Move one slider ({kind, index}) to `value` percent: of 100 for a pillar, of its pillar for a criterion. */
export function moved(model, weights, slider, value, locks) {
  const result = copy(weights);
  const official = model.anchors[0].whole;
  if (slider.kind === "pillar") {
    result.pillar = rebalance(weights.pillar, slider.index, value * 1e9, locks.pillar, official.pillar);
    model.members.forEach((list, p) => {
      if (result.pillar[p] > 0 && list.every((k) => weights.inner[k] === 0)) {
        const equal = apportion(list.map(() => fraction(1n, 1n)), TOTAL);
        list.forEach((k, i) => (result.inner[k] = equal[i]));
      }
    });
    return result;
  }
  const list = model.members[model.pillarOf[slider.index]];
  const pick = (values) => list.map((k) => values[k]);
  const shares = rebalance(pick(weights.inner), list.indexOf(slider.index), value * 1e9, pick(locks.criterion), pick(official.inner));
  list.forEach((k, i) => (result.inner[k] = shares[i]));
  return result;
}

// --------------------------------------------------------------------------------------------- 3 scores and ranks

/**
 * Totals, published hundredths, ranks and order of all units under some weights.
 * `order` is the published order: ranked by place, vetoed by score, those without a total last; `rank` is 0 for none.
 * `refused` lists units whose geometric or harmonic mean meets a score of 0 or less that has weight.
 */
export function evaluate(model, weights) {
  const { n, m, pillars, method, flat, starts } = model;
  const { means, real } = model.rows;
  const { pillar: P, inner } = weightsAsDoubles(model, weights);
  const Q = Float64Array.from(flat, (k) => inner[k]);
  const total = new Float64Array(n);
  const pillar = new Float64Array(n * pillars);
  const cents = new Int32Array(n);
  const refused = [];
  for (let u = 0, row = 0; u < n; u++, row += m) {
    let top = 0;
    let bottom = 0;
    let rated = false;
    let bad = false;
    for (let p = 0; p < pillars; p++) {
      const weight = P[p];
      let a = 0;
      let b = 0;
      let defined = true; // a pillar without weight has no score where its mean is not defined
      for (let j = starts[p], end = starts[p + 1]; j < end; j++) {
        const q = Q[j];
        if (q === 0) continue;
        const x = means[row + j];
        if (x !== x) {
          if (model.score[row + flat[j]] <= 0) {
            defined = false;
            if (weight > 0) bad = true;
          }
          continue;
        }
        a += q * x;
        b += q;
        if (weight > 0 && real[row + j]) rated = true;
      }
      const mean = defined ? a / b : NaN; // NaN where nothing is left
      if (b > 0 && weight > 0) {
        top += weight * mean;
        bottom += weight;
      }
      pillar[u * pillars + p] = method === "geometric" ? Math.exp(mean) : method === "harmonic" ? 1 / mean : mean;
    }
    if (bad) refused.push(u);
    if (bad || !rated || !(bottom > 0)) {
      total[u] = NaN;
      cents[u] = NONE;
      for (let p = 0; p < pillars; p++) pillar[u * pillars + p] = NaN;
      continue;
    }
    const mean = top / bottom;
    total[u] = (method === "geometric" ? Math.exp(mean) : method === "harmonic" ? 1 / mean : mean) + model.adjustment[u];
    const quick = quickCents(total[u]);
    cents[u] = quick === quick ? quick : published(total[u], method === "geometric" ? null : () => exactTotal(model, weights, u));
  }
  const result = { total, pillar, cents, refused, weights, order: null, rank: null };
  place(model, result);
  return result;
}

function weightsAsDoubles(model, weights) {
  const found = model.anchors.find((a) => same(a.whole.pillar, weights.pillar));
  const pillar = found ? (found.doubles = found.doubles || found.pillar.map(toNumber)) : weights.pillar;
  const inner = new Float64Array(model.m);
  for (const list of model.members) {
    const own = model.anchors.find((a) => same(a.whole.inner, weights.inner, list));
    if (own) own.innerDoubles = own.innerDoubles || own.inner.map(toNumber);
    for (const k of list) inner[k] = own ? own.innerDoubles[k] : weights.inner[k];
  }
  return { pillar, inner };
}

function exactScore(model, u, k) {
  const { scores, den } = model.seed;
  const value = scores[u][k];
  return den[k] ? fraction(BigInt(value) * 100n, BigInt(den[k])) : rational(value);
}

function exactMean(model, pairs) {
  const weight = sum(pairs.map((pair) => pair[0]));
  if (model.method === "harmonic") return over(weight, sum(pairs.map(([w, x]) => over(w, x))));
  return over(sum(pairs.map(([w, x]) => times(w, x))), weight);
}

/** A pillar score as a fraction, or null where nothing with weight is left. */
export function exactPillar(model, weights, u, p) {
  const { inner } = exactWeights(model, weights);
  const pairs = model.members[p]
    .filter((k) => inner[k].n > 0n && model.seed.scores[u][k] !== null)
    .map((k) => [inner[k], exactScore(model, u, k)]);
  return pairs.length ? exactMean(model, pairs) : null;
}

/** A total with its adjustment as a fraction (arithmetic and harmonic means). */
export function exactTotal(model, weights, u) {
  const { pillar } = exactWeights(model, weights);
  const pairs = pillar.map((w, p) => [w, w.n > 0n ? exactPillar(model, weights, u, p) : null]).filter((pair) => pair[1]);
  return plus(exactMean(model, pairs), fraction(BigInt(model.seed.adjustments[u]), 1000000000n));
}

/** Published hundredths of one pillar ("p") or criterion ("c") score of a unit. */
export function partCents(model, result, u, [kind, index]) {
  if (kind === "c") {
    const value = result.cents[u] === NONE ? NaN : model.score[u * model.m + index];
    return published(value, () => exactScore(model, u, index));
  }
  const value = result.pillar[u * model.pillars + index];
  return published(value, model.method === "geometric" ? null : () => exactPillar(model, result.weights, u, index));
}

function place(model, result) {
  const { n, veto, tie } = model;
  const { cents } = result;
  const chain = tie.map((part) => {
    let memo = null;
    return (u) => {
      memo = memo || new Float64Array(n).fill(NaN);
      if (memo[u] !== memo[u]) memo[u] = partCents(model, result, u, part);
      return memo[u];
    };
  });
  const level = (u) => (cents[u] === NONE ? 2 : veto[u]);
  const ahead = (a, b) => {
    if (cents[a] !== cents[b]) return cents[b] - cents[a];
    for (const part of chain) if (part(a) !== part(b)) return part(b) - part(a);
    return 0;
  };
  // One number a unit (group, score downwards, place on the sheet) sorts far faster than a comparison would.
  const keys = new Float64Array(n);
  for (let u = 0; u < n; u++) keys[u] = (level(u) * 16777216 + (cents[u] === NONE ? 0 : 8388608 - cents[u])) * 131072 + u;
  keys.sort();
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = keys[i] % 131072;
  if (chain.length)
    for (let i = 0, j; i < n && level(order[i]) === 0; i = j) {
      for (j = i + 1; j < n && level(order[j]) === 0 && cents[order[j]] === cents[order[i]]; ) j++;
      if (j - i > 1) order.subarray(i, j).sort((a, b) => ahead(a, b) || a - b);
    }
  const rank = new Int32Array(n);
  for (let i = 0; i < n && level(order[i]) === 0; i++) {
    const tied = i > 0 && ahead(order[i - 1], order[i]) === 0;
    rank[order[i]] = tied ? rank[order[i - 1]] : i + 1;
  }
  result.order = order;
  result.rank = rank;
}

/** Ranks on one pillar or criterion (or the total): competition ranks of published scores among the ranked units. */
export function levelView(model, result, level) {
  const n = model.n;
  if (level[0] === "t") return { cents: result.cents, rank: result.rank, order: result.order };
  const cents = new Int32Array(n);
  for (let u = 0; u < n; u++) cents[u] = partCents(model, result, u, level);
  const group = (u) => (result.cents[u] === NONE || cents[u] === NONE ? 2 : model.veto[u]);
  const order = Int32Array.from({ length: n }, (_v, i) => i).sort((a, b) => group(a) - group(b) || cents[b] - cents[a] || a - b);
  const rank = new Int32Array(n);
  for (let i = 0; i < n && group(order[i]) === 0; i++)
    rank[order[i]] = i && cents[order[i]] === cents[order[i - 1]] ? rank[order[i - 1]] : i + 1;
  return { cents, rank, order };
}

// ------------------------------------------------------------------------------------------------------- 4 gaps

/** A unit's effective weights on the full-marks scale after what is left out (sum 1), and its marks. */
export function profile(model, weights, u) {
  const { m, members } = model;
  return spread(model, weights, (k) => model.marks[u * m + k], members, model.adjustment[u]);
}

function spread(model, weights, mark, members, adjustment) {
  const weight = new Float64Array(model.m);
  const marks = new Float64Array(model.m);
  let all = 0;
  members.forEach((list, p) => {
    const inside = list.reduce((total, k) => total + (mark(k) === mark(k) ? weights.inner[k] : 0), 0);
    if (inside > 0 && weights.pillar[p] > 0) {
      all += weights.pillar[p];
      for (const k of list) if (mark(k) === mark(k)) weight[k] = (weights.pillar[p] * weights.inner[k]) / inside;
    }
  });
  let total = 0;
  for (let k = 0; k < model.m; k++) {
    weight[k] = all > 0 ? weight[k] / all : 0;
    marks[k] = mark(k);
    if (weight[k] > 0) total += weight[k] * marks[k];
  }
  return { weight, marks, total, adjustment };
}

/** Criterion medians of the ranked units, as a profile. */
export function medianProfile(model, weights, result) {
  const units = [...result.order].filter((u) => result.rank[u] > 0);
  const median = model.seed.criteria.map((_c, k) => {
    const values = units.map((u) => model.marks[u * model.m + k]).filter((x) => x === x).sort((a, b) => a - b);
    const half = values.length >> 1;
    return values.length ? (values.length % 2 ? values[half] : (values[half - 1] + values[half]) / 2) : NaN;
  });
  return spread(model, weights, (k) => median[k], model.members, 0);
}

/** Full marks in everything that counts for the unit. */
export function fullProfile(model, own) {
  const marks = own.marks.map((x) => (x === x ? 100 : NaN));
  return { weight: own.weight, marks, total: 100, adjustment: 0 };
}

/**
 * Unit minus reference, part by part: performance of each criterion, the effect of different weights (something
 * left out on one side), and adjustments. The parts add up to the difference of the totals.
 */
export function gapParts(own, other) {
  const parts = [];
  let weights = 0;
  for (let k = 0; k < own.weight.length; k++) {
    const [w0, w1, s0, s1] = [other.weight[k], own.weight[k], other.marks[k], own.marks[k]];
    if (s0 === s0 && s1 === s1) {
      parts.push({ k, value: ((w0 + w1) / 2) * (s1 - s0) });
      weights += ((s0 + s1) / 2) * (w1 - w0);
    } else {
      weights += (w1 > 0 ? w1 * s1 : 0) - (w0 > 0 ? w0 * s0 : 0);
    }
  }
  const total = own.total + own.adjustment - other.total - other.adjustment;
  return { parts, weights, adjustment: own.adjustment - other.adjustment, total };
}

/** Whole hundredths that add up to `target` by largest remainder; parts that are exactly 0 change last. */
export function roundParts(values, target) {
  const exact = values.map((x) => Math.round(x * 1e9) / 1e7);
  const floor = exact.map((x) => Math.floor(x));
  let left = target - floor.reduce((a, b) => a + b, 0);
  const step = left > 0 ? 1 : -1;
  const order = [...floor.keys()].sort(
    (a, b) => (exact[a] === 0) - (exact[b] === 0) || -step * (exact[a] - floor[a] - (exact[b] - floor[b])) || a - b,
  );
  for (let i = 0; left !== 0 && order.length; i = (i + 1) % order.length) {
    floor[order[i]] += step;
    left -= step;
  }
  return floor;
}

// --------------------------------------------------------------------------------------------- 5 tipping points

/** The values a slider can reach, in percent. */
export function reach(model, weights, slider, locks) {
  const share = (w) => (slider.kind === "pillar" ? w.pillar[slider.index] : w.inner[slider.index]) / 1e9;
  return [share(moved(model, weights, slider, 0, locks)), share(moved(model, weights, slider, 100, locks))];
}

// N and D of every unit's total N/D at one end of a slider; both are linear in the slider's value.
function ends(model, weights, slider) {
  const { n, m, pillars, members, score, adjustment } = model;
  const N = new Float64Array(n);
  const D = new Float64Array(n);
  const moving = slider.kind === "pillar" ? -1 : model.pillarOf[slider.index];
  for (let u = 0; u < n; u++) {
    let top = 0;
    let bottom = 0;
    let a = 0;
    let b = 0;
    for (let p = 0; p < pillars; p++) {
      let x = 0;
      let w = 0;
      for (const k of members[p]) {
        const s = score[u * m + k];
        if (s === s) {
          x += weights.inner[k] * s;
          w += weights.inner[k];
        }
      }
      if (p === moving) {
        a = x;
        b = w;
      } else if (w > 0) {
        top += (weights.pillar[p] * x) / w / TOTAL;
        bottom += weights.pillar[p] / TOTAL;
      }
    }
    if (moving >= 0) {
      const own = weights.pillar[moving] / TOTAL;
      top = (top * b + own * a) / TOTAL;
      bottom = ((bottom + own) * b) / TOTAL;
    }
    N[u] = top + adjustment[u] * bottom;
    D[u] = bottom;
  }
  return { N, D };
}

function roots(c0, c1, c2) {
  if (Math.abs(c2) < 1e-13 * (Math.abs(c0) + Math.abs(c1))) return c1 === 0 ? [] : [-c0 / c1];
  const d = c1 * c1 - 4 * c2 * c0;
  if (d < 0) return [];
  const q = -(c1 + (c1 < 0 ? -1 : 1) * Math.sqrt(d)) / 2;
  return q === 0 ? [0] : [q / c2, c0 / q];
}

/**
 * Where moving one slider changes who is first (`kind` "first") or who stands next to `unit` ("unit"): the nearest
 * crossing on either side. `at` is the slider's value in percent, `from` the unit overtaken, `to` the one overtaking.
 * Totals are ratios of lines in one weight (something left out bends them), so crossings are roots of a quadratic;
 * under geometric and harmonic means they are found by bisection.
 */
export function tipping(model, weights, slider, locks, unit, result) {
  const ranked = [...result.order].filter((u) => result.rank[u] > 0);
  if (ranked.length < 2) return [];
  const [low, high] = reach(model, weights, slider, locks);
  if (!(high - low > 1e-6)) return [];
  const now = (slider.kind === "pillar" ? weights.pillar[slider.index] : weights.inner[slider.index]) / 1e9;
  const found = model.method === "arithmetic" ? crossings() : bisections();
  return found.filter((tip, i) => !found.some((other, j) => j < i && Math.abs(other.at - tip.at) < 1e-9));

  function crossings() {
    const a = ends(model, moved(model, weights, slider, low, locks), slider);
    const b = ends(model, moved(model, weights, slider, high, locks), slider);
    const t0 = (now - low) / (high - low);
    const at = (u, t) => (a.N[u] + (b.N[u] - a.N[u]) * t) / (a.D[u] + (b.D[u] - a.D[u]) * t);
    const nearest = (u, kind) => {
      const best = [null, null];
      for (const v of ranked) {
        if (v === u) continue;
        const [n0, n1, d0, d1] = [a.N[u], b.N[u] - a.N[u], a.D[u], b.D[u] - a.D[u]];
        const [m0, m1, e0, e1] = [a.N[v], b.N[v] - a.N[v], a.D[v], b.D[v] - a.D[v]];
        for (const t of roots(n0 * e0 - m0 * d0, n0 * e1 + n1 * e0 - m0 * d1 - m1 * d0, n1 * e1 - m1 * d1)) {
          if (!(t > 1e-9 && t < 1 - 1e-9) || Math.abs(t - t0) < 1e-11) continue; // at an end nobody gets past
          const side = t > t0 ? 1 : 0;
          const step = side ? 1e-6 : -1e-6;
          const before = at(u, t - step) - at(v, t - step);
          const after = at(u, t + step) - at(v, t + step);
          if (!(before * after < 0)) continue;
          if (best[side] === null || Math.abs(t - t0) < Math.abs(best[side].t - t0))
            best[side] = { t, at: low + t * (high - low), kind, from: after < 0 ? u : v, to: after < 0 ? v : u };
        }
      }
      return best.filter(Boolean);
    };
    return [...nearest(ranked[0], "first"), ...(unit !== ranked[0] && result.rank[unit] > 0 ? nearest(unit, "unit") : [])];
  }

  // Unrounded totals decide, as above; where two are equal, the order of the sheet.
  function bisections() {
    const look = (x) => evaluate(model, moved(model, weights, slider, x, locks));
    const ahead = (r, v, u) => r.total[v] > r.total[u] || (r.total[v] === r.total[u] && v < u);
    const leader = (r) => ranked.reduce((best, u) => (ahead(r, u, best) ? u : best));
    const above = (r) => ranked.filter((v) => v !== unit && ahead(r, v, unit)).join();
    const grid = model.n > 100 ? 12 : 24;
    const tips = [];
    const first = leader(result);
    for (const [kind, look_] of [["first", leader], ["unit", above]]) {
      if (kind === "unit" && (unit === first || !(result.rank[unit] > 0))) continue;
      const here = look_(result);
      for (const end of [low, high]) {
        let inside = now;
        let outside = null;
        for (let i = 1; i <= grid && outside === null; i++) {
          const x = now + ((end - now) * i) / grid;
          const r = look(x);
          if (r.refused.length || ranked.some((u) => r.total[u] !== r.total[u])) break;
          if (look_(r) !== here) outside = x;
          else inside = x;
        }
        if (outside === null) continue;
        for (let i = 0; i < 40; i++) {
          const middle = (inside + outside) / 2;
          if (look_(look(middle)) === here) inside = middle;
          else outside = middle;
        }
        const r = look(outside);
        if (kind === "first") {
          tips.push({ at: outside, kind, from: first, to: leader(r) });
          continue;
        }
        const changed = ranked.find((v) => v !== unit && ahead(result, v, unit) !== ahead(r, v, unit));
        if (changed === undefined) continue;
        const lost = ahead(r, changed, unit);
        tips.push({ at: outside, kind, from: lost ? unit : changed, to: lost ? changed : unit });
      }
    }
    return tips;
  }
}

/**
 * The weight in points of 100 at which a tip shows: rounded to tenths away from the present weight, then on to the
 * first tenth at which the published scores have changed order; equal ones do not count, whatever breaks the tie. Null where that never happens on this slider.
 */
export function shownTip(model, weights, slider, locks, tip) {
  const scale = slider.kind === "pillar" ? 1 : weights.pillar[model.pillarOf[slider.index]] / TOTAL;
  if (!(scale > 0)) return null;
  const now = (slider.kind === "pillar" ? weights.pillar[slider.index] : weights.inner[slider.index]) / 1e9;
  const [low, high] = reach(model, weights, slider, locks);
  const up = tip.at > now;
  let tenths = up ? Math.ceil(tip.at * scale * 10 - 1e-9) : Math.floor(tip.at * scale * 10 + 1e-9);
  for (let i = 0; i < 40; i++, tenths += up ? 1 : -1) {
    const value = tenths / 10 / scale;
    if (value < low - 1e-9 || value > high + 1e-9) return null;
    const r = evaluate(model, moved(model, weights, slider, value, locks));
    if (r.rank[tip.to] > 0 && r.cents[tip.to] > r.cents[tip.from]) return tenths / 10;
  }
  return null;
}

// ---------------------------------------------------------------------------------------------- 6 scenario files

const quoted = (text) =>
  '"' + String(text).replace(/[\\"]/g, "\\$&").replace(/[\u0000-\u001f\u007f]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")) + '"';

function decimals(fractions) {
  const plain = fractions.map(({ n, d }) => {
    for (let i = 0; i <= 12; i++) if ((n * 10n ** BigInt(i)) % d === 0n) return [(n * 10n ** BigInt(i)) / d, i];
    return null;
  });
  if (plain.every(Boolean))
    return plain.map(([whole, places]) => {
      const digits = String(whole).padStart(places + 1, "0");
      return places ? digits.slice(0, -places) + "." + digits.slice(-places) : digits;
    });
  const common = fractions.reduce((product, x) => product * x.d, 1n);
  return fractions.map(({ n, d }) => String((n * common) / d));
}

/** What a scenario file says of weights: decimal texts for whatever differs from the official scheme. */
export function scenarioTables(model, weights) {
  const official = model.anchors[0].whole;
  const exact = exactWeights(model, weights);
  const points = (list, whole) => (whole ? list.map((x) => times(x, fraction(1n, 1000000000n))) : list);
  const pillarAnchor = model.anchors.some((a) => same(a.whole.pillar, weights.pillar));
  // A pillar whose criteria all weighed 0 stays without weight when one of them gets some: then it must be said.
  const revived = model.members.some((list) => list.some((k) => weights.inner[k]) && !list.some((k) => official.inner[k]));
  const pillars = same(official.pillar, weights.pillar) && !revived ? [] : decimals(points(exact.pillar, !pillarAnchor));
  const criteria = [];
  for (const list of model.members) {
    if (same(official.inner, weights.inner, list)) continue;
    const known = model.anchors.some((a) => same(a.whole.inner, weights.inner, list));
    const texts = decimals(points(list.map((k) => exact.inner[k]), !known));
    list.forEach((k, i) => criteria.push([k, texts[i]]));
  }
  return { pillars, criteria };
}

/** The text of a scenario file that `lsb score --scenario` reads. */
export function scenarioText(model, weights, name, reason, created) {
  const { seed } = model;
  const { pillars, criteria } = scenarioTables(model, weights);
  const lines = ["format = 1"];
  const fields = { activity: seed.activity, quarter: seed.quarter, workbook_sha256: seed.sha256, name, reason, created };
  for (const [key, value] of Object.entries(fields)) lines.push(`${key} = ${quoted(value || "")}`);
  if (pillars.length) lines.push("", "[pillar_weights]", ...pillars.map((text, p) => `${quoted(seed.pillars[p])} = ${text}`));
  if (criteria.length) lines.push("", "[criterion_weights]", ...criteria.map(([k, text]) => `${quoted(seed.criteria[k].name)} = ${text}`));
  const rules = Object.entries(seed.rules || {});
  if (rules.length) lines.push("", "[rules]", ...rules.map(([rule, value]) => `${quoted(rule)} = ${quoted(value)}`));
  return lines.join("\n") + "\n";
}

/** A file name that no path can hide in. */
export function scenarioFile(quarter, name) {
  const clean = (text) => String(text).replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\\/:*?"<>|.\s]+/g, "-").replace(/^-+|-+$/g, "");
  return [...`${clean(quarter)}-${clean(name)}`].slice(0, 60).join("") + ".toml";
}

// ---------------------------------------------------------------------------------------------- 7 building pages

const SVG = "http://www.w3.org/2000/svg";

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "style") for (const [key, part] of Object.entries(value)) node.style.setProperty(key, part);
    else if (name.slice(0, 2) === "on") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}
const h = (tag, attributes, ...children) => build(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => build(document.createElementNS(SVG, tag), attributes, children);

/** Fill {name} in a sentence; the parts are nodes or texts and are never read again for braces. */
export const parts = (text, values) =>
  text.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece);
    return name && values && name[1] in values ? values[name[1]] : piece;
  });
export const fill = (text, values) => parts(text, values).join("");

/** A number with fixed decimals, half-up as scores are, with a true minus; signed(…) adds a plus. */
export function fixed(value, digits = 2) {
  const size = Math.floor(Math.abs(value) * 10 ** digits + 0.5 + 1e-7) / 10 ** digits;
  return (value < 0 && size > 0 ? "−" : "") + size.toFixed(digits);
}
export const signed = (value, digits = 2) => (Number(fixed(value, digits).replace("−", "-")) > 0 ? "+" : "") + fixed(value, digits);
const score = (cents) => (cents === NONE ? "—" : fixed(cents / 100));

function put(node, text) {
  if (node.lsbText !== text) node.textContent = node.lsbText = text;
}
function set(node, name, value) {
  const memo = node.lsbSet || (node.lsbSet = {});
  if (memo[name] === value) return;
  memo[name] = value;
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}
function css(node, name, value) {
  const memo = node.lsbCss || (node.lsbCss = {});
  if (memo[name] === value) return;
  memo[name] = value;
  node.style.setProperty(name, value);
}

const icon = (d, filled) =>
  s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, s("path", { d, fill: filled ? "currentColor" : "none", stroke: "currentColor", "stroke-width": "1.4" }));
const PIN = "M4 14V2h8l-2.4 3.2L12 8.5H4";
const LOCKED = "M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2";
const OPEN = "M3 7h10v7H3zM5 7V5a3 3 0 0 1 5.8-1.2";

function textWidth(text, size) {
  let width = 0;
  for (const c of text) width += c.codePointAt(0) > 0x2e7f ? size : size * 0.58;
  return width;
}
function shorten(text, size, room) {
  if (textWidth(text, size) <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(letters.join("") + "…", size) > room) letters.pop();
  return letters.join("") + "…";
}

// -------------------------------------------------------------------------------------------------- 8 the widget

let instances = 0;
const PALETTE = 8;
const WIDE = 1120;
const NARROW = 700;
const ALL_UP_TO = 60;

/** Put the explorer into `el`. `model` has get, set, save_changes, on and off; gives a function that tidies up. */
function mount(model_, el) {
  const seed = model_.get("seed");
  const M = prepare(seed);
  const me = `lsb${++instances}`;
  const _ = (text) => (seed.words && seed.words[text]) || text;
  const many = (n) => fill({ 村: _("{n} 个村"), 社区: _("{n} 个社区") }[seed.noun] || _("{n} 个单位"), { n });
  const bdi = (text) => h("bdi", {}, text);
  const bold = (text) => h("b", {}, bdi(text));
  const U = seed.units;
  const C = seed.criteria;
  const colour = (p) => `var(--p${p % PALETTE})`;
  const locks = { pillar: seed.pillars.map(() => false), criterion: C.map(() => false) };
  const official = weightsOf(M);
  const startAt = seed.start ? 1 : 0;
  const first = evaluate(M, official);
  // Where a scenario changes rules, its official ranks cannot be had by moving weights: they come with the seed.
  const published_ = seed.base
    ? { rank: Int32Array.from(seed.base.rank), cents: Int32Array.from(seed.base.cents, (x) => (x === null ? NONE : x)), order: null }
    : first;

  let W = weightsOf(M, startAt);
  let name = seed.start ? seed.start.name : "";
  const kept = model_.get("state"); // a notebook opened again, or a second view, starts where the sliders were left
  if (kept && kept.pillar && kept.inner) {
    W = { pillar: kept.pillar.slice(), inner: kept.inner.slice() };
    name = kept.name || "";
  }
  let R = evaluate(M, W);
  let view = null;
  let base = published_;
  let baseName = null;
  let selected = R.order[Math.min(1, M.n - 1)];
  let level = ["t", 0];
  let layout = "score";
  let percent = false;
  let reference = "best";
  let query = "";
  let shown = 0;
  let tab = "r";
  let hover = null;
  let focused = null;
  let width = 0;
  let tips = new Map();
  const pins = [];
  const undo = [];
  const redo = [];
  const saved = (seed.saved || []).map((entry, i) => ({ name: entry.name, reason: entry.reason, W: weightsOf(M, 1 + startAt + i) }));
  const still = () => typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;

  // -- frame of the page
  const tabs = h("div", { class: "lx-tabs", role: "tablist", "aria-label": _("视图") });
  const tabButtons = [["w", _("权重")], ["r", _("排名")], ["u", ""]].map(([key, text]) => {
    const button = h("button", { type: "button", role: "tab", id: `${me}-t${key}`, "aria-controls": `${me}-${key}`, "data-tab": key }, text);
    button.addEventListener("click", () => showTab(key));
    tabs.append(button);
    return button;
  });
  const tool = (role, text, title) => h("button", { type: "button", "data-role": role, title }, text);
  const undoButton = tool("undo", _("撤销"), "Ctrl+Z");
  const redoButton = tool("redo", _("重做"), "Ctrl+Y");
  const resetButton = tool("reset", seed.base ? _("恢复情景") : _("恢复公布"), seed.base ? _("恢复情景方案的权重") : _("恢复公布方案的权重"));
  const saveButton = tool("save", _("存为情景…"), null);
  saveButton.className = "lx-main-action";
  const choice = (role, options) => {
    const node = h("select", { "data-role": role });
    for (const [value, text] of options) node.append(h("option", { value }, text));
    return node;
  };
  const levelSelect = choice("level", [["t0", _("总分")]]);
  const group = h("optgroup", { label: _("板块") });
  if (M.pillars > 1) seed.pillars.forEach((p, i) => group.append(h("option", { value: `p${i}` }, p)));
  const items = h("optgroup", { label: _("指标") });
  C.forEach((c, k) => items.append(h("option", { value: `c${k}` }, c.name)));
  if (M.pillars > 1) levelSelect.append(group);
  levelSelect.append(items);
  const baseSelect = choice("base", []);
  const topSelect = choice("top", [["0", _("全部")], ...[10, 20, 50, 100].filter((x) => x < M.n).map((x) => [String(x), fill(_("前 {n}"), { n: x })])]);
  const search = h("input", { type: "search", "data-role": "search", placeholder: _("查找单位"), "aria-label": _("查找单位") });
  const labelled = (text, node, extra) => h("label", { class: extra || "" }, h("span", {}, text), node);
  const bar = h("div", { class: "lx-bar" },
    h("span", { class: "lx-grp" }, undoButton, redoButton, resetButton), saveButton, seed.invented && h("span", { class: "lx-tag lx-made" }, _("示例数据")), h("span", { class: "lx-gap" }),
    labelled(_("看"), levelSelect), labelled(_("对比"), baseSelect), M.n > 12 && labelled(_("显示"), topSelect), search);
  const sentence = h("div", { class: "lx-say" });
  const status = h("div", { class: "lx-vh", role: "status", "aria-live": "polite" });
  const weightPanel = h("div", { class: "lx-w", role: "group", id: `${me}-w`, "aria-label": _("权重") });
  const rankPanel = h("div", { class: "lx-r", role: "group", id: `${me}-r`, "aria-label": _("排名") });
  const unitPanel = h("div", { class: "lx-u", role: "group", id: `${me}-u`, "aria-label": _("单位") });
  const print = h("div", { class: "lx-print" });
  const root = h("div", { class: M.n > 100 ? "lsb-explorer lx-many" : "lsb-explorer", lang: seed.lang === "en" ? "en" : "zh-CN", "data-tab": tab, "data-lm-suppress-shortcuts": "true" },
    tabs, bar, sentence, status, h("div", { class: "lx-main" }, weightPanel, rankPanel, unitPanel), print);

  // -- sliders
  const sliders = [];
  const tipBox = h("div", { class: "lx-tip" });
  const savedList = h("ul", {});
  const savedBox = h("div", { class: "lx-saved" }, h("h4", {}, _("已存情景")), savedList);
  const total = h("span", { class: "lx-q" });
  weightPanel.append(h("div", { class: "lx-head" }, h("h3", {}, _("权重")), total));
  seed.pillars.forEach((pillar, p) => {
    const box = h("div", { class: "lx-p" });
    box.append(slider({ kind: "pillar", index: p }, pillar, null, colour(p)));
    const list = h("div", { id: `${me}-p${p}` });
    const fold = h("button", { type: "button", class: "lx-fold", "aria-controls": list.id });
    const open = (yes) => {
      list.hidden = !yes;
      fold.setAttribute("aria-expanded", yes);
      fold.textContent = yes ? _("收起指标") : fill(_("展开 {n} 项指标"), { n: M.members[p].length });
    };
    fold.addEventListener("click", () => open(list.hidden));
    for (const k of M.members[p]) list.append(slider({ kind: "criterion", index: k }, C[k].name, pillar, colour(p)));
    open(M.pillars === 1 || (M.members[p].length > 1 && p === heaviest()));
    box.append(fold, list);
    weightPanel.append(box);
  });
  weightPanel.append(tipBox, savedBox);

  function heaviest() {
    return official.pillar.indexOf(Math.max(...official.pillar));
  }

  function slider(id, label, pillar, tint) {
    const kind = id.kind;
    const range = h("input", {
      type: "range", min: 0, max: 100, step: 0.1, "data-kind": kind, "data-name": label, "data-pillar": pillar,
      "aria-label": pillar === null ? fill(_("{name}权重"), { name: label }) : fill(_("{name}占{pillar}的份额"), { name: label, pillar }),
      "aria-describedby": `${me}-d${sliders.length}`, style: { "--c": tint },
    });
    const number = h("input", { type: "number", step: 0.1, min: 0, max: 100, "aria-label": fill(_("{name}权重，分"), { name: label }) });
    const lock = h("button", { type: "button", class: "lx-lock", "aria-label": fill(_("锁定{name}"), { name: label }) }, icon(OPEN));
    const ticks = h("span", { class: "lx-ticks", "aria-hidden": "true" });
    const mark = h("span", { class: "lx-tick lx-tick-o", "aria-hidden": "true" });
    const words = h("span", { class: "lx-vh", id: `${me}-d${sliders.length}` });
    const box = h("div", { class: `lx-s lx-${kind}` },
      h("span", { class: "lx-nm" }, kind === "pillar" && h("i", { style: { background: tint } }), bdi(label)), number, lock,
      h("span", { class: "lx-tr" }, mark, ticks, range), words);
    const item = { ...id, label, box, range, number, lock, ticks, mark, words, locked: false };
    // A drag, or a burst of keys, starts from one set of weights: so the others keep their proportions, and one undo takes it back.
    let from = null;
    let timer = 0;
    const begin = () => {
      if (!from) from = { W, name };
    };
    const end = () => {
      clearTimeout(timer);
      if (!from) return;
      const before = from;
      from = null;
      step(before);
      draw();
    };
    item.flush = end;
    let keyed = false;
    const follow = (value) => {
      begin();
      W = moved(M, from.W, item, value, locks);
      name = sameWeights(W, official) ? "" : sameWeights(W, from.W) ? from.name : "";
      draw(true);
    };
    // A finger may be on its way down the page: the browser moves the thumb at its first touch, the weight waits until
    // the finger goes sideways or lifts, and stays as it was where the page was scrolled.
    let finger = null;
    range.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch") finger = { x: event.clientX, moved: false };
    });
    range.addEventListener("pointermove", (event) => {
      if (!finger || Math.abs(event.clientX - finger.x) < 8) return;
      const late = finger.moved;
      finger = null;
      if (late) follow(Number(range.value));
    });
    range.addEventListener("pointerup", () => {
      const late = finger && finger.moved;
      finger = null;
      if (!late) return;
      follow(Number(range.value));
      timer = setTimeout(end, 50); // where the browser has told of its change already
    });
    range.addEventListener("pointercancel", () => {
      finger = null;
      if (from) ({ W, name } = from);
      from = null;
      draw();
    });
    range.addEventListener("input", () => {
      if (finger) finger.moved = true;
      else follow(Number(range.value));
    });
    range.addEventListener("change", () => {
      clearTimeout(timer);
      if (keyed) timer = setTimeout(end, 700);
      else end();
    });
    range.addEventListener("keydown", (event) => {
      event.stopPropagation();
      shortcut(event);
      keyed = /^(Arrow|Page|Home|End)/.test(event.key);
      const jump = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
      if (jump && event.shiftKey) {
        event.preventDefault();
        range.value = Number(range.value) + jump;
        range.dispatchEvent(new Event("input", { bubbles: true }));
        range.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    range.addEventListener("pointerdown", () => (keyed = false));
    range.addEventListener("blur", end);
    let counted = false;
    number.addEventListener("keydown", (event) => {
      event.stopPropagation();
      counted = /^Arrow(Up|Down)$/.test(event.key);
    });
    number.addEventListener("change", () => {
      const scale = kind === "pillar" ? 1 : W.pillar[M.pillarOf[id.index]] / TOTAL;
      if (number.value === "" || !(scale > 0)) return draw(); // an emptied box is no weight of 0
      clearTimeout(timer);
      follow(Number(number.value) / scale);
      if (counted) timer = setTimeout(end, 700);
      else end();
    });
    number.addEventListener("blur", end);
    lock.addEventListener("click", () => {
      locks[kind][id.index] = !locks[kind][id.index];
      draw();
    });
    const focus = (on) => () => {
      focused = on ? item : null;
      tipWords();
      if (kind === "criterion") dim(on ? id.index : null);
    };
    range.addEventListener("focus", focus(true));
    range.addEventListener("blur", focus(false));
    sliders.push(item);
    return box;
  }

  // -- ranking
  const keyBox = h("div", { class: "lx-key" });
  if (M.pillars > 1) seed.pillars.forEach((p, i) => keyBox.append(h("span", {}, h("i", { style: { background: colour(i) } }), bdi(p))));
  const toggle = (label, options, choose) => {
    const box = h("span", { class: "lx-grp", role: "group", "aria-label": label });
    const buttons = options.map(([key, text]) => {
      const button = h("button", { type: "button", "data-key": key, "aria-pressed": "false" }, text);
      button.addEventListener("click", () => choose(key));
      box.append(button);
      return button;
    });
    return [box, (key) => buttons.forEach((b) => b.setAttribute("aria-pressed", b.getAttribute("data-key") === key))];
  };
  const [measureBox, pressMeasure] = toggle(_("计量"), [["points", _("分值")], ["percent", _("得分率")]], (key) => {
    percent = key === "percent";
    draw();
  });
  const [layoutBox, pressLayout] = toggle(_("排列方式"), [["score", _("得分")], ["columns", _("分板块")], ["lost", _("失分")], ["scenarios", _("情景并列")]], (key) => {
    layout = key;
    draw();
  });
  const rankTitle = h("h3", {});
  const pinBox = h("ul", { class: "lx-rows lx-pins", "aria-label": _("置顶单位"), hidden: true });
  const heads = h("div", { class: "lx-heads", hidden: true });
  const list = h("ul", { class: "lx-rows", "aria-label": _("排名") });
  const scroller = h("div", { class: "lx-scroll" }, list);
  const nothing = h("p", { class: "lx-none", hidden: true });
  const footnote = h("p", { class: "lx-q lx-foot" });
  const sideBySide = h("div", { class: "lx-table", hidden: true });
  rankPanel.append(h("div", { class: "lx-head" }, rankTitle, keyBox, measureBox, layoutBox), heads, pinBox, scroller, nothing, footnote, sideBySide);
  if (M.n > ALL_UP_TO) scroller.classList.add("lx-long");
  const longest = Math.max(...U.map((u) => textWidth(u, 13)));
  root.style.setProperty("--nm", `${Math.ceil(Math.min(Math.max(longest, 40), 118)) + 4}px`);

  const ranks_ = Array.from({ length: M.n + 1 }, (_v, i) => String(i));
  let scrolled = 0;
  let firstOut = -1;
  let barWidth = 560;
  const rowPool = [];
  const pinPool = [];
  const slots = new Map(); // unit -> {place, from, start}: where it stands and the slide it is in

  function makeRow(pinned) {
    const cells = {
      rank: h("span", { class: "lx-rank" }), change: h("span", { class: "lx-d" }),
      unit: h("button", { type: "button", class: "lx-unit", tabindex: -1 }), bar: h("span", { class: "lx-b", "aria-hidden": "true" }),
      value: h("span", { class: "lx-t" }), pin: h("button", { type: "button", class: "lx-pin", tabindex: -1 }, icon(PIN)),
    };
    cells.left = new Float64Array(M.m);
    cells.size = new Float64Array(M.m);
    cells.columns = h("span", { class: "lx-cols" });
    cells.node = h("li", { class: "lx-row" }, cells.rank, cells.change, cells.unit, cells.bar, cells.columns, cells.value, cells.pin);
    cells.pinned = pinned;
    cells.node.lsbRow = cells;
    return cells;
  }

  function rowOf(event) {
    const node = event.target.closest && event.target.closest(".lx-row");
    return node && node.lsbRow;
  }
  for (const box of [list, pinBox]) {
    box.addEventListener("click", (event) => {
      const row = rowOf(event);
      if (!row) return;
      if (event.target.closest(".lx-pin")) togglePin(row.u);
      else {
        selected = row.u;
        draw();
        tellGap();
        if (root.classList.contains("lx-narrow")) {
          showTab("u");
          tabButtons[2].focus({ preventScroll: true }); // the row that had it is out of sight now
        }
      }
    });
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      const row = rowOf(event);
      const pool = box === list ? rowPool : pinPool;
      const here = pool.indexOf(row);
      const last = pool.filter((r) => !r.node.hidden).length - 1;
      const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: last, PageDown: here + 10, PageUp: here - 10 }[event.key];
      if (to === undefined || !row) return;
      event.preventDefault();
      const target = pool[Math.max(0, Math.min(last, to))];
      selected = target.u;
      draw();
      target.unit.focus();
    });
    box.addEventListener("mousemove", (event) => {
      const row = event.target.classList.contains("lx-b") ? rowOf(event) : null;
      if (event.buttons || (!row && hover === null)) return;
      let found = null;
      if (row) {
        const edge = row.bar.getBoundingClientRect();
        const at = ((event.clientX - edge.left) / edge.width) * 100;
        found = order_.find((k) => row.size[k] > 0 && at >= row.left[k] && at < row.left[k] + row.size[k]);
      }
      dim(found === undefined ? null : found, row);
    });
    box.addEventListener("mouseleave", () => dim(null));
  }
  function togglePin(u) {
    const at = pins.indexOf(u);
    if (at < 0) pins.push(u);
    else pins.splice(at, 1);
    draw();
  }

  // -- the unit
  const referenceSelect = choice("reference", [["best", _("最高分单位")], ["median", _("中位水平")], ["previous", _("前一名")], ["full", _("满分")]]);
  const others = h("optgroup", { label: _("指定单位") });
  U.forEach((unit, u) => others.append(h("option", { value: `unit:${u}` }, unit)));
  referenceSelect.append(others);
  const unitName = h("h3", {});
  const unitPin = h("button", { type: "button", class: "lx-small", "data-role": "pin" });
  unitPin.addEventListener("click", () => togglePin(selected));
  const unitBig = h("div", { class: "lx-big" });
  const unitNotes = h("div", { class: "lx-notes" });
  const gapTitle = h("h4", {});
  const gapBox = h("div", {});
  const gapNote = h("p", { class: "lx-q" });
  const historyBox = h("div", { class: "lx-block" });
  const slopeBox = h("div", { class: "lx-block" });
  const partsBody = h("tbody", {});
  const partsHead = h("tr", {});
  const partsBox = h("details", { class: "lx-block" }, h("summary", {}, _("各项得分")), h("table", {}, h("thead", {}, partsHead), partsBody));
  partsBox.addEventListener("toggle", () => unitTable());
  unitPanel.append(
    h("div", { class: "lx-block" }, h("div", { class: "lx-unit-head" }, unitName, unitPin), unitBig, unitNotes,
      labelled(_("差距参照"), referenceSelect, "lx-ref"), gapTitle, gapBox, gapNote),
    historyBox, slopeBox, partsBox);

  // -- saving
  const nameInput = h("input", { name: "scenario", required: true, maxlength: 40, id: `${me}-n`, autocomplete: "off" });
  const reasonInput = h("textarea", { name: "reason", required: true, rows: 2, maxlength: 400, id: `${me}-e` });
  const dialogNote = h("p", { class: "lx-warn", role: "alert" });
  const keep = h("button", { class: "lx-main-action", "data-role": "confirm" }, _("保存"));
  const cancel = h("button", { type: "button", "data-role": "cancel" }, _("取消"));
  const form = h("form", {}, h("h3", { id: `${me}-dl` }, _("存为情景")), h("label", { for: nameInput.id }, _("名称")), nameInput,
    h("label", { for: reasonInput.id }, _("调整理由（必填）")), reasonInput,
    h("p", { class: "lx-q" }, _("情景只供研判，不改变已公布结果。")), dialogNote, h("div", { class: "lx-act" }, cancel, keep));
  const dialog = h("div", { class: "lx-dialog", role: "dialog", tabindex: -1, "aria-modal": "true", "aria-labelledby": `${me}-dl`, hidden: true }, form);
  root.append(dialog);
  let overwrite = false;

  // -- moving through states
  const changed = () => !sameWeights(W, seed.base ? weightsOf(M, startAt) : official);
  function step(before) {
    if (sameWeights(before.W, W)) return;
    undo.push(before);
    if (undo.length > 200) undo.shift();
    redo.length = 0;
    tell();
  }
  function travel(from, to) {
    sliders.forEach((item) => item.flush());
    if (!from.length) return;
    to.push({ W, name });
    ({ W, name } = from.pop());
    tell();
    draw();
  }
  function go(weights, label) {
    sliders.forEach((item) => item.flush());
    const before = { W, name };
    W = copy(weights);
    name = label;
    step(before);
    draw();
  }
  function shortcut(event) {
    const key = event.key.toLowerCase();
    const typing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "range";
    if (!(event.ctrlKey || event.metaKey) || typing || (key !== "z" && key !== "y")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) travel(redo, undo);
    else travel(undo, redo);
  }
  let told = "";
  function tell() {
    const state = { pillar: W.pillar, inner: W.inner, name };
    told = JSON.stringify(state);
    model_.set("state", state);
    model_.save_changes();
  }
  function hear() {
    const state = model_.get("state");
    if (!state || !state.pillar || JSON.stringify({ pillar: state.pillar, inner: state.inner, name: state.name || "" }) === told) return;
    const before = { W, name };
    W = { pillar: state.pillar.slice(), inner: state.inner.slice() };
    name = state.name || "";
    told = JSON.stringify({ pillar: W.pillar, inner: W.inner, name });
    if (!sameWeights(before.W, W)) undo.push(before);
    draw();
  }

  // -- drawing
  const points = (u, k, weight) => (weight[k] > 0 ? (weight[k] * M.score[u * M.m + k]) / 100 : 0);
  function effectiveOf(u) {
    const { m, members, score: value } = M;
    const weight = new Float64Array(m);
    let all = 0;
    if (R.cents[u] === NONE) return weight;
    for (let p = 0; p < M.pillars; p++) {
      let inside = 0;
      for (const k of members[p]) if (value[u * m + k] === value[u * m + k]) inside += W.inner[k];
      if (!(inside > 0) || !(W.pillar[p] > 0)) continue;
      all += W.pillar[p];
      for (const k of members[p]) if (value[u * m + k] === value[u * m + k]) weight[k] = (W.pillar[p] * W.inner[k]) / inside;
    }
    if (all > 0) for (let k = 0; k < m; k++) weight[k] *= 100 / all;
    return weight;
  }

  function draw(live) {
    R = evaluate(M, W);
    view = levelView(M, R, level);
    drawSliders(live);
    drawSentence(live);
    drawRows(live);
    drawUnit(live);
    const held = document.activeElement;
    set(undoButton, "disabled", undo.length ? null : "");
    set(redoButton, "disabled", redo.length ? null : "");
    set(resetButton, "disabled", changed() ? null : "");
    set(saveButton, "disabled", changed() || name ? null : "");
    // A button that has just gone dead hands the focus on, so that the keyboard does not fall out of the explorer.
    if (held && held.disabled && [undoButton, redoButton, resetButton].includes(held)) (undo.length ? undoButton : redoButton).focus();
    root.classList.toggle("lx-live", !!live);
    if (live) return;
    pressMeasure(percent ? "percent" : "points");
    pressLayout(layout);
    drawTips();
    drawSaved();
    drawPrint();
    barWidth = (rowPool[0] && rowPool[0].bar.clientWidth) || barWidth;
    if (root.classList.contains("lx-narrow")) stick();
    if (hover === null) foot();
  }

  function drawSliders(live) {
    const E = effective(M, W);
    const O = effective(M, official);
    for (const item of sliders) {
      const pillar = item.kind === "pillar";
      const weight = pillar ? E.pillar[item.index] : E.criterion[item.index];
      const value = (pillar ? W.pillar[item.index] : W.inner[item.index]) / 1e9;
      const was = pillar ? O.pillar[item.index] : official.inner[item.index] / 1e9;
      // While a thumb is dragged the browser places it; elsewhere it follows the weight.
      if (!live || document.activeElement !== item.range) item.range.value = value;
      css(item.range, "--v", `${value}%`);
      set(item.range, "data-weight", String(weight));
      set(item.range, "aria-valuetext", pillar
        ? fill(_("{w} 分"), { w: fixed(weight, 1) })
        : fill(_("{w} 分，占板块 {share}%"), { w: fixed(weight, 1), share: fixed(value, 1) }));
      if (document.activeElement !== item.number || !live) item.number.value = fixed(weight, 1);
      css(item.mark, "left", spot(was));
      css(item.mark, "display", Math.abs(was - value) > 0.05 ? "block" : "none");
      if (live) continue;
      const peers = pillar ? seed.pillars.map((_p, p) => p) : M.members[M.pillarOf[item.index]];
      const locked = locks[item.kind][item.index];
      const fixed_ = locked || !peers.some((j) => j !== item.index && !locks[item.kind][j]);
      set(item.range, "disabled", fixed_ ? "" : null);
      set(item.number, "disabled", fixed_ || (!pillar && W.pillar[M.pillarOf[item.index]] === 0) ? "" : null);
      set(item.lock, "aria-pressed", String(locked));
      set(item.lock, "disabled", peers.length < 2 ? "" : null);
      if (item.locked !== locked) {
        item.locked = locked;
        item.lock.replaceChildren(icon(locked ? LOCKED : OPEN));
      }
    }
    if (!live) put(total, fill(_("合计 {n}"), { n: fixed(E.pillar.reduce((a, b) => a + b, 0), 0) }));
  }
  const spot = (x) => `calc(${x}% + ${(0.5 - x / 100) * 14}px)`;

  function firsts(result) {
    const found = [];
    for (let u = 0; u < M.n; u++) if (result.rank[u] === 1) found.push(u);
    return found;
  }
  const names = (units) => {
    const node = h("span", {});
    units.slice(0, 4).forEach((u, i) => node.append(i ? _("、") : "", bold(U[u])));
    if (units.length > 4) node.append(fill(_("等 {n} 个"), { n: units.length }));
    return node;
  };

  let lastSaid = "";
  function drawSentence(live) {
    const now = firsts(R);
    const then = firsts(base);
    const tag = h("span", { class: changed() || name ? "lx-tag lx-on" : "lx-tag" },
      ...(name ? parts(_("情景：{name}"), { name: bdi(name) }) : [changed() ? _("未保存的调整") : _("公布方案")]));
    let text;
    if (R.refused.length) {
      text = parts(_("{method}平均不能含 0 分或以下的得分：{units}。请把相应指标的权重调回 0。"), { method: M.method === "geometric" ? _("几何") : _("调和"), units: names(R.refused) });
    } else if (!now.length) {
      text = [_("没有可排名的单位。")];
    } else if (!changed() && !name && base === published_) {
      const next = [...R.order].find((u) => R.rank[u] > 1);
      const values = { unit: names(now), score: score(R.cents[now[0]]), lead: next === undefined ? "" : score(R.cents[now[0]] - R.cents[next]), n: now.length };
      text = now.length > 1 ? parts(_("{unit}并列第一，总分 {score}。拖动权重，看名次怎样变。"), values)
        : next === undefined ? parts(_("第一名{unit}，总分 {score}。"), values)
        : parts(_("第一名{unit}，总分 {score}，领先第二名 {lead} 分。拖动权重，看名次怎样变。"), values);
    } else {
      let count = 0;
      let most = null;
      for (let u = 0; u < M.n; u++) {
        if (R.rank[u] === base.rank[u]) continue;
        count++;
        if (R.rank[u] && base.rank[u] && (most === null || Math.abs(R.rank[u] - base.rank[u]) > Math.abs(R.rank[most] - base.rank[most]))) most = u;
      }
      const kept = now.length === then.length && now.every((u) => then.includes(u));
      text = kept ? parts(_("第一名不变，仍为{unit}；"), { unit: names(now) }) : parts(_("第一名由{then}变为{now}；"), { then: names(then), now: names(now) });
      const values = { many: h("b", {}, many(count)), unit: most === null ? "" : bdi(U[most]), from: most === null ? "" : base.rank[most], to: most === null ? "" : R.rank[most] };
      text = text.concat(!count ? [_("各单位名次均无变化。")] : most === null ? parts(_("{many}名次有变化。"), values)
        : parts(_("{many}名次有变化，变动最大的是{unit}（第 {from} → {to} 名）。"), values));
    }
    sentence.replaceChildren(tag, ...text);
    if (live || sentence.textContent === lastSaid) return;
    lastSaid = sentence.textContent;
    put(status, lastSaid);
  }

  // What a select or a click has brought, for those who do not see it.
  const tellGap = () => put(status, R.cents[selected] === NONE ? gapTitle.textContent : `${U[selected]}${_("，")}${gapTitle.textContent}`);
  const tellRanking = () => put(status, [rankTitle.textContent, rowPool[0].node.hidden ? "" : rowPool[0].unit.getAttribute("aria-label")].join(_("；")));

  function listed() {
    const wanted = query.trim().toLowerCase();
    const all = [...view.order];
    if (wanted) return all.filter((u) => U[u].toLowerCase().includes(wanted));
    return shown ? all.filter((u, i) => i < shown || u === selected) : all;
  }

  let restTimer = 0;
  function drawRows(live, rest) {
    const rows = listed();
    const animate = !still();
    const now = Date.now();
    const height = root.classList.contains("lx-narrow") ? 40 : 24;
    const scale = barScale();
    const columns = layout === "scenarios" ? scenarioColumns() : null;
    const last = view.order.findIndex((u) => !view.rank[u]);
    firstOut = last > 0 ? view.order[last] : -1;
    root.classList.toggle("lx-compare", !!columns);
    rowsInto(list, rowPool, rows, false);
    nothing.hidden = rows.length > 0;
    if (!rows.length) put(nothing, fill(_("没有名称含“{text}”的单位。"), { text: query.trim() }));
    const top = pins.slice().sort((a, b) => view.order.indexOf(a) - view.order.indexOf(b));
    pinBox.hidden = !top.length;
    rowsInto(pinBox, pinPool, top, true);
    clearTimeout(restTimer);
    if (!live && !rest && rows.length > ALL_UP_TO) restTimer = setTimeout(() => drawRows(false, true), 60);
    if (!live && !rest) {
      const reached = rowPool.find((row) => !row.node.hidden && row.u === selected) || rowPool[0];
      for (const row of rowPool) set(row.unit, "tabindex", row === reached ? "0" : "-1");
      for (const row of pinPool) set(row.unit, "tabindex", row === pinPool[0] ? "0" : "-1");
      put(rankTitle, level[0] === "t" ? _("排名与构成") : fill(_("{name}排名"), { name: level[0] === "p" ? seed.pillars[level[1]] : C[level[1]].name }));
      drawColumns(columns);
    }

    function rowsInto(box, pool, units, pinned) {
      while (pool.length < units.length) {
        const row = makeRow(pinned);
        pool.push(row);
        box.append(row.node);
      }
      pool.forEach((row, place) => {
        const hidden = place >= units.length;
        if (row.node.hidden !== hidden) row.node.hidden = hidden;
        if (hidden) {
          if (!pinned) set(row.node, "data-unit", null);
          row.u = undefined;
          return;
        }
        const u = units[place];
        // Rows outside a long list's window wait: in a drag until its end, else until the frame is out.
        const seen = pinned || rest || units.length <= ALL_UP_TO || Math.abs(place * height - scrolled - 440) < 440 + 2 * height;
        drawRow(row, u, scale, columns, live, seen);
        if (!pinned) slide(row, u, place, seen);
      });
      if (!pinned) if (slots.size > units.length) for (const u of [...slots.keys()]) if (!units.includes(u)) slots.delete(u);
    }

    function slide(row, u, place, seen) {
      const old = slots.get(u);
      const slot = { place, from: 0, start: now };
      slots.set(u, slot);
      if (!old) return;
      const t = Math.min(1, (now - old.start) / 280);
      const left = old.from * (1 - t) * (1 - t);
      slot.from = left + (old.place - place) * height;
      if (old.place === place) {
        slot.from = old.from;
        slot.start = old.start;
        return;
      }
      // In a drag over a long list most rows change places at every frame: slides would be cut off as they begin.
      if (!animate || !seen || !row.node.animate || (live && rows.length > ALL_UP_TO)) {
        if (row.motion) row.motion.cancel();
        row.motion = null;
        slot.from = 0;
        return;
      }
      const path = [{ transform: `translateY(${slot.from}px)` }, { transform: "none" }];
      if (row.motion && row.motion.playState === "running") {
        row.motion.effect.setKeyframes(path);
        row.motion.currentTime = 0;
      } else row.motion = row.node.animate(path, { duration: 280, easing: "cubic-bezier(0.5, 1, 0.89, 1)" });
    }
  }

  // How wide a point is: the whole track is what can be had (score), or the largest loss (lost).
  function barScale() {
    const inside = (k) => level[0] === "t" || (level[0] === "p" ? C[k].pillar === level[1] : k === level[1]);
    const use = C.map((_c, k) => inside(k));
    const scale = { use, full: 100, lost: 1, tracks: null };
    if (level[0] !== "t") scale.full = 0;
    let most = 0;
    for (let u = 0; u < M.n && (layout === "lost" || level[0] !== "t"); u++) {
      const weight = effectiveOf(u);
      let lost = 0;
      let full = 0;
      for (let k = 0; k < M.m; k++)
        if (use[k] && weight[k] > 0) {
          lost += weight[k] - points(u, k, weight);
          full += weight[k];
        }
      if (lost > most) most = lost;
      if (level[0] !== "t" && full > scale.full) scale.full = full;
    }
    scale.lost = most > 0 ? most * 1.04 : 1;
    scale.most = most;
    if (!(scale.full > 0)) scale.full = 1;
    if (layout === "columns") {
      const shares = seed.pillars.map((_p, p) => (M.members[p].some((k) => use[k]) ? (percent ? 1 : W.pillar[p] / 1e9) : 0));
      const all = shares.reduce((a, b) => a + b, 0) || 1;
      const gap = 1.2;
      const room = 100 - gap * (shares.filter((x) => x > 0).length - 1);
      let at = 0;
      scale.tracks = shares.map((x) => {
        const track = { at, width: (x / all) * room };
        if (x > 0) at += track.width + gap;
        return track;
      });
    }
    return scale;
  }

  function drawRow(row, u, scale, columns, live, seen) {
    const { node } = row;
    row.u = u;
    if (live && !seen) return;
    if (row.pinned) set(node, "data-pinned", U[u]);
    else {
      set(node, "data-unit", U[u]);
      set(node, "data-rank", R.rank[u] ? ranks_[R.rank[u]] : "");
      set(node, "data-score", R.cents[u] === NONE ? "" : (R.cents[u] / 100).toFixed(2));
    }
    if (!seen) return;
    put(row.unit, U[u]);
    set(row.unit, "title", textWidth(U[u], 13) > 116 ? U[u] : null);
    set(row.unit, "aria-current", u === selected ? "true" : null);
    const rank = view.rank[u];
    const was = baseRank(u);
    const change = rank && was ? was - rank : 0;
    set(node, "class", `lx-row${u === selected ? " lx-sel" : ""}${u === firstOut ? " lx-first-out" : ""}`);
    put(row.rank, rank ? ranks_[rank] : "—");
    const state = rank ? (change > 0 ? "▲" + change : change < 0 ? "▼" + -change : was ? "·" : _("新")) : M.veto[u] ? _("否决") : _("未评");
    put(row.change, state);
    set(row.change, "class", `lx-d ${change > 0 ? "lx-up" : change < 0 ? "lx-down" : ""}`);
    const weight = effectiveOf(u);
    const value = figure(u, weight);
    put(row.value, value);
    if (!live) {
      set(row.pin, "aria-label", fill(_("置顶{unit}"), { unit: U[u] }));
      set(row.pin, "aria-pressed", String(pins.includes(u)));
      const how = change > 0 ? fill(_("，比{base}升 {n} 位"), { base: baseLabel(), n: change }) : change < 0 ? fill(_("，比{base}降 {n} 位"), { base: baseLabel(), n: -change }) : "";
      set(row.unit, "aria-label", fill(rank ? _("{unit}，第 {rank} 名，{value}") : _("{unit}，不排名（{why}），{value}"), { unit: U[u], rank, why: state, value }) + how);
    }
    if (columns) {
      row.columns.replaceChildren(...columns.map((column) => {
        const r = column.result.rank[u];
        const official_ = published_.rank[u];
        const d = r && official_ ? official_ - r : 0;
        return h("span", { class: column.now ? "lx-now" : "" }, h("b", {}, r ? String(r) : "—"),
          column.official ? h("span", { class: "lx-d" }) : h("span", { class: `lx-d ${d > 0 ? "lx-up" : d < 0 ? "lx-down" : ""}` }, d > 0 ? "▲" + d : d < 0 ? "▼" + -d : "·"),
          h("span", { class: "lx-q" }, score(column.result.cents[u])));
      }));
      return;
    }
    let at = 0;
    let last = -1;
    for (let k = 0; k < M.m; k++) {
      const i = order_[k];
      const p = C[i].pillar;
      let size = 0;
      if (scale.use[i] && weight[i] > 0) {
        const got = points(u, i, weight);
        if (layout === "lost") size = ((weight[i] - got) / scale.lost) * 100;
        else if (layout === "columns") {
          const own = M.members[p].reduce((t, j) => t + (scale.use[j] ? weight[j] : 0), 0);
          size = own > 0 ? (got / own) * scale.tracks[p].width : 0;
        } else size = (got / scale.full) * 100;
        if (size < 0) size = 0;
      }
      if (layout === "columns" && p !== last) at = scale.tracks[p].at;
      last = p;
      row.left[i] = at;
      row.size[i] = Math.max(0, Math.min(size, 100 - at));
      at += size;
    }
    paintBar(row, live);
  }
  // One background makes a whole bar: fifteen elements a row would cost more to style than all the rest of a frame.
  // At rest it names colours by variable, so that a change of theme repaints it; in a drag it uses what they stand for.
  let ink = null;
  function paintBar(row, live) {
    if (!live) ink = null;
    else if (!ink) {
      const style = getComputedStyle(root);
      ink = Object.fromEntries(["--paper", "--pale", ...seed.pillars.map((_p, p) => `--p${p % PALETTE}`)].map((key) => [key, style.getPropertyValue(key)]));
    }
    const tint = (key) => (ink ? ink[key] : `var(${key})`);
    const line = 100 / barWidth;
    const stops = [];
    let at = 0;
    for (const i of order_) {
      const size = row.size[i];
      if (!(size > 0)) continue;
      const left = row.left[i];
      const right = left + size;
      const edge = Math.max(left, right - line);
      if (left > at + 0.01) stops.push(`transparent ${at.toFixed(2)}% ${left.toFixed(2)}%`);
      stops.push(`${tint(hover !== null && hover !== i ? "--pale" : `--p${C[i].pillar % PALETTE}`)} ${left.toFixed(2)}% ${edge.toFixed(2)}%`, `${tint("--paper")} ${edge.toFixed(2)}% ${right.toFixed(2)}%`);
      at = right;
    }
    css(row.bar, "background-image", stops.length ? `linear-gradient(to right, ${stops.join(", ")}, transparent ${at.toFixed(2)}%)` : "none");
  }
  const order_ = M.members.flat();

  // The number at the end of a row: points or percent of what is looked at.
  function figure(u, weight) {
    if (R.cents[u] === NONE || view.cents[u] === NONE) return "—";
    if (percent) return level[0] === "t" ? score(R.cents[u]) + "%" : score(view.cents[u]) + "%";
    if (level[0] === "t") return score(R.cents[u]);
    let sum_ = 0;
    let full = 0;
    for (let k = 0; k < M.m; k++)
      if (level[0] === "p" ? C[k].pillar === level[1] : k === level[1]) {
        sum_ += points(u, k, weight);
        full += weight[k];
      }
    if (level[0] === "p" && M.method !== "arithmetic") return fixed((full * view.cents[u]) / 1e4);
    return fixed(sum_);
  }
  let baseView = { key: "", rank: null };
  function baseRank(u) {
    if (level[0] === "t" || !base.weights) return base.rank[u];
    const key = level.join("") + (baseName || "");
    if (baseView.key !== key) baseView = { key, rank: levelView(M, base, level).rank };
    return baseView.rank[u];
  }
  const baseLabel = () => (baseName === null ? _("公布") : `“${baseName}”`);

  function scenarioColumns() {
    const list_ = [{ name: _("公布"), result: published_, W: official, official: true }];
    for (const entry of saved.slice(-4)) list_.push({ name: entry.name, result: evaluate(M, entry.W), W: entry.W });
    if (changed() && !saved.slice(-4).some((entry) => sameWeights(entry.W, W))) list_.push({ name: _("当前"), result: R, W, now: true });
    return list_;
  }
  function drawColumns(columns) {
    heads.hidden = sideBySide.hidden = !columns;
    if (!columns) return;
    root.style.setProperty("--cols", columns.length);
    heads.replaceChildren(h("span", { class: "lx-cols" }, ...columns.map((c) => h("span", { title: c.name, class: c.now ? "lx-now" : "" }, bdi(c.name)))));
    const table = h("table", {}, h("caption", {}, _("各情景的权重")));
    table.append(h("thead", {}, h("tr", {}, h("th", { scope: "col" }, _("权重")), ...columns.map((c) => h("th", { scope: "col" }, bdi(c.name))))));
    const body = h("tbody", {});
    const all = columns.map((c) => effective(M, c.W));
    const line = (label, kind, index, className) => {
      const values = all.map((e) => e[kind][index]);
      const cells = values.map((x) => h("td", { class: Math.abs(x - values[0]) > 0.05 ? "lx-diff" : "" }, fixed(x, 1)));
      body.append(h("tr", { class: className }, h("th", { scope: "row" }, bdi(label)), ...cells));
    };
    seed.pillars.forEach((p, i) => {
      line(p, "pillar", i, "lx-strong");
      for (const k of M.members[i]) if (all.some((e) => Math.abs(e.criterion[k] - all[0].criterion[k]) > 0.05)) line(C[k].name, "criterion", k, "");
    });
    table.append(body);
    sideBySide.replaceChildren(table, ...saved.slice(-4).map((entry) => h("p", { class: "lx-q" }, ...parts(_("{name}：{reason}"), { name: bdi(entry.name), reason: bdi(entry.reason) }))));
  }

  function dim(k, row) {
    if (k === hover) {
      if (row) foot(row);
      return;
    }
    hover = k;
    for (const pool of [rowPool, pinPool])
      for (const each of pool) if (!each.node.hidden) paintBar(each, false);
    foot(row);
  }
  function foot(row) {
    if (hover === null) {
      const lines = layout === "lost" ? fill(_("每段为一项指标的失分，越长失分越多，最多 {n} 分。"), { n: fixed(barScale().most, 1) })
        : layout === "scenarios" ? _("▲▼ 为与公布名次相比的升降，右侧小字为得分。")
        : fill(_("▲▼ 为与{base}名次相比的升降；浅色空段为失分。"), { base: baseLabel() });
      const extra = [];
      if (M.tie.length) extra.push(fill(_("同分时依次比较：{chain}。"), { chain: M.tie.map(([kind, i]) => (kind === "p" ? seed.pillars[i] : C[i].name)).join(_("、")) }));
      if (seed.notes) extra.push(...seed.notes);
      put(footnote, [lines, ...extra].join(""));
      return;
    }
    const c = C[hover];
    const w = effective(M, W).criterion[hover];
    if (!row || row.u === undefined) return put(footnote, fill(_("当前突出：{name}，权重 {w}。"), { name: c.name, w: fixed(w, 1) }));
    const weight = effectiveOf(row.u);
    const got = points(row.u, hover, weight);
    put(footnote, weight[hover] > 0
      ? fill(_("{unit}　{name}：得 {got} 分，失 {lost} 分，得分率 {rate}%（权重 {w}）。"), { unit: U[row.u], name: c.name, got: fixed(got), lost: fixed(weight[hover] - got), rate: fixed(M.score[row.u * M.m + hover], 1), w: fixed(weight[hover], 1) })
      : fill(_("{unit}　{name}：不计。"), { unit: U[row.u], name: c.name }));
  }

  // -- unit panel
  function referenceOf(u) {
    const ranked = [...R.order].filter((x) => R.rank[x] > 0);
    const at = ranked.indexOf(u);
    const of = (x, label) => ({ profile: profile(M, W, x), label, cents: seed.plain ? R.cents[x] : null });
    if (reference === "median") return { profile: medianProfile(M, W, R), label: () => [_("中位水平")], cents: null };
    if (reference === "full") return { profile: fullProfile(M, profile(M, W, u)), label: () => [_("满分")], cents: 10000 };
    if (reference.slice(0, 5) === "unit:") return of(Number(reference.slice(5)), () => [bdi(U[Number(reference.slice(5))])]);
    if (reference === "previous" && at > 0) return of(ranked[at - 1], () => parts(_("{unit}（前一名）"), { unit: bdi(U[ranked[at - 1]]) }));
    if (!ranked.length) return { profile: fullProfile(M, profile(M, W, u)), label: () => [_("满分")], cents: 10000 };
    const x = ranked[0] === u && ranked.length > 1 ? ranked[1] : ranked[0];
    return of(x, () => parts(ranked[0] === u ? _("{unit}（第二）") : _("{unit}（最高）"), { unit: bdi(U[x]) }));
  }

  scroller.addEventListener("scroll", () => {
    scrolled = scroller.scrollTop;
    if (root.classList.contains("lx-live")) draw(true);
  }, { passive: true });

  let drawnUnit = -1;
  function drawUnit(live) {
    const u = selected;
    const rank = R.rank[u];
    if (drawnUnit !== u) {
      put(unitName, U[u]);
      tabButtons[2].replaceChildren(bdi(U[u]));
      drawnUnit = u;
      history();
    }
    const same_ = [...R.rank].filter((r) => r && r === rank).length > 1;
    unitBig.replaceChildren(
      h("b", {}, rank ? fill(same_ ? _("并列第 {n} 名") : _("第 {n} 名"), { n: rank }) : M.veto[u] ? _("一票否决") : _("未评")),
      h("b", {}, score(R.cents[u])),
      h("span", { class: "lx-q" }, seed.ranges && seed.ranges[u] ? fill(_("名次范围 {low}—{high}（公布方案）"), { low: seed.ranges[u][0], high: seed.ranges[u][1] }) : ""));
    set(unitPin, "aria-pressed", String(pins.includes(u)));
    put(unitPin, pins.includes(u) ? _("取消置顶") : _("置顶"));
    if (!live) notes(u);
    gap(u);
    if (live) return;
    slope();
    unitTable();
  }
  function notes(u) {
    const lines = [];
    if (M.adjustment[u]) lines.push(fill(_("加减分 {n} 分，已计入总分。"), { n: signed(M.adjustment[u]) }));
    if (M.veto[u]) lines.push(_("一票否决，保留得分，不参与排名。"));
    const out = C.filter((_c, k) => seed.scores[u][k] === null).map((c) => c.name);
    if (out.length && R.cents[u] !== NONE) lines.push(fill(_("{items}不计，权重在本板块内重新分配。"), { items: out.join(_("、")) }));
    const full = (seed.filled || []).filter(([x]) => x === u).map(([, k]) => C[k].name);
    if (full.length) lines.push(fill(_("{items}不适用，按满分计。"), { items: full.join(_("、")) }));
    unitNotes.replaceChildren(...lines.map((line) => h("p", { class: "lx-q" }, line)));
  }

  function gap(u) {
    if (R.cents[u] === NONE) {
      gapTitle.replaceChildren(_("没有总分，不比较差距"));
      gapBox.replaceChildren();
      put(gapNote, "");
      return;
    }
    const own = profile(M, W, u);
    const ref = referenceOf(u);
    const split = gapParts(own, ref.profile);
    const mine = seed.plain ? R.cents[u] : published(own.total + own.adjustment);
    const theirs = ref.cents === null ? published(ref.profile.total + ref.profile.adjustment) : ref.cents;
    const difference = mine - theirs;
    const bars = split.parts.map(({ k, value }) => ({ label: C[k].name, value }));
    bars.push({ label: _("权重重分配"), value: split.weights }, { label: _("加减分"), value: split.adjustment });
    const whole = roundParts(bars.map((b) => b.value), difference);
    bars.forEach((b, i) => (b.cents = whole[i]));
    let visible = bars.filter((b) => b.cents !== 0).sort((a, b) => a.cents - b.cents);
    const LIMIT = 16;
    if (visible.length > LIMIT) {
      const small = visible.slice().sort((a, b) => Math.abs(a.cents) - Math.abs(b.cents)).slice(0, visible.length - LIMIT + 1);
      visible = visible.filter((b) => !small.includes(b));
      const rest = small.reduce((t, b) => t + b.cents, 0);
      visible.push({ label: fill(_("其余 {n} 项"), { n: small.length }), cents: rest, rest: true });
    }
    const values = { ref: h("span", {}, ...ref.label()), n: fixed(Math.abs(difference) / 100) };
    gapTitle.replaceChildren(...parts(difference < 0 ? _("比{ref}少 {n} 分，差在哪") : difference > 0 ? _("比{ref}多 {n} 分，多在哪") : _("与{ref}同分，各项互有高低"), values));
    gapBox.replaceChildren(waterfall(visible, difference, `${U[u]}：${gapTitle.textContent}`));
    put(gapNote, seed.plain ? "" : _("差距按满分分值、算术平均的总分分解，与公布总分不同。"));
  }

  function waterfall(bars, difference, label) {
    const size = 11.5;
    const W_ = 300;
    const left = Math.min(112, Math.max(34, ...bars.map((b) => textWidth(b.label, size)))) + 8;
    const step_ = 17;
    let low = 0;
    let high = 0;
    let at = 0;
    for (const b of bars) {
      at += b.cents;
      low = Math.min(low, at);
      high = Math.max(high, at);
    }
    const room = W_ - left - 44;
    const x = (v) => left + ((v - low) / (high - low || 1)) * room;
    const share = (cents) => (percent && difference ? `${fixed((cents / difference) * 100, 0)}%` : signed(cents / 100));
    const svg = s("svg", { viewBox: `0 0 ${W_} ${bars.length * step_ + 34}`, role: "img", "aria-label": [label, ...bars.map((b) => `${b.label} ${signed(b.cents / 100)}`)].join(_("，")) });
    svg.append(s("line", { x1: x(0), x2: x(0), y1: 4, y2: bars.length * step_ + 16, class: "lx-axis" }));
    at = 0;
    bars.forEach((b, i) => {
      const from = at;
      at += b.cents;
      const y = 14 + i * step_;
      const begin = Math.min(x(from), x(at));
      const wide = Math.max(1.5, Math.abs(x(at) - x(from)));
      svg.append(
        s("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, shorten(b.label, size, left - 8)),
        s("rect", { x: begin, y: y - 6, width: wide, height: 12, class: b.cents < 0 ? "lx-worse" : "lx-better" }),
        s("line", { x1: x(at), x2: x(at), y1: y - 6, y2: y + step_ - 6, class: "lx-step" }),
        s("text", { x: begin + wide + 4, y: y + 4, class: Math.abs(b.cents) >= 30 ? "lx-halo" : "lx-halo lx-faint" }, share(b.cents)));
    });
    const y = 14 + bars.length * step_ + 4;
    svg.append(
      s("text", { x: left - 8, y: y + 4, "text-anchor": "end", class: "lx-bold" }, _("合计")),
      s("text", { x: Math.min(x(difference), W_ - 46) + 4, y: y + 4, class: "lx-bold lx-halo" }, percent && difference ? "100%" : signed(difference / 100)));
    return svg;
  }

  function history() {
    const H = seed.history;
    historyBox.hidden = !H;
    if (!H) return;
    const values = H.score.map((row) => row[selected]);
    const ranks = H.rank.map((row) => row[selected]);
    const have = values.filter((v) => v !== null);
    historyBox.replaceChildren(h("h4", {}, fill(_("{n} 个季度"), { n: H.quarters.length })));
    if (!have.length) return historyBox.append(h("p", { class: "lx-q" }, _("以往季度没有该单位的得分。")));
    const low = Math.min(...have);
    const high = Math.max(...have);
    const n = H.quarters.length;
    const x = (i) => (n === 1 ? 150 : 24 + (i * 252) / (n - 1));
    const y = (v) => 64 - ((v - low) / (high - low || 1)) * 38;
    const svg = s("svg", { viewBox: "0 0 300 108", role: "img", "aria-label": fill(_("{unit}各季度："), { unit: U[selected] }) + H.quarters.map((q, i) => `${q} ${values[i] === null ? "—" : fixed(values[i])}` + (ranks[i] ? fill(_("，第 {n} 名"), { n: ranks[i] }) : "")).join(_("；")) });
    let run = [];
    const flush = () => {
      if (run.length > 1) svg.append(s("polyline", { points: run.join(" "), class: "lx-line" }));
      run = [];
    };
    values.forEach((v, i) => (v === null ? flush() : run.push(`${x(i)},${y(v)}`)));
    flush();
    values.forEach((v, i) => {
      const bold_ = i === n - 1 ? "lx-bold" : "";
      if (v !== null) svg.append(s("circle", { cx: x(i), cy: y(v), r: 3.2, class: "lx-dot" }), s("text", { x: x(i), y: y(v) - 8, "text-anchor": "middle" }, fixed(v, 1)));
      svg.append(
        s("text", { x: x(i), y: 86, "text-anchor": "middle", class: "lx-faint" }, H.quarters[i].slice(2)),
        s("text", { x: x(i), y: 102, "text-anchor": "middle", class: bold_ }, ranks[i] ? fill(_("第{n}"), { n: ranks[i] }) : "—"));
    });
    historyBox.append(svg, h("p", { class: "lx-q" }, _("历史用各季公布方案，不随滑块变化。")));
  }

  function slope() {
    const active = [...R.order].filter((u) => R.rank[u] && base.rank[u]);
    slopeBox.hidden = !active.some((u) => R.rank[u] !== base.rank[u]);
    slopeBox.replaceChildren();
    if (slopeBox.hidden) return;
    const most = Math.max(...active.map((u) => Math.max(R.rank[u], base.rank[u])));
    const gap_ = most > 60 ? 540 / most : 9;
    const y = (r) => 24 + (r - 1) * gap_;
    const title = fill(_("名次：{base} → 当前"), { base: baseLabel() });
    const size = (u) => Math.abs(base.rank[u] - R.rank[u]);
    const least = most > 60 ? Math.max(3, active.map(size).sort((a, b) => b - a)[11] || 3) : 3;
    const svg = s("svg", { viewBox: `0 0 300 ${most * gap_ + 28}`, role: "img", "aria-label": title + _("；") + active.filter((u) => size(u) >= least || u === selected).map((u) => `${U[u]} ${base.rank[u]}→${R.rank[u]}`).join(_("，")) });
    svg.append(s("text", { x: 102, y: 11, "text-anchor": "end", class: "lx-faint" }, shorten(baseLabel(), 11.5, 96)), s("text", { x: 198, y: 11, class: "lx-faint" }, _("当前")));
    for (const u of active.slice().sort((a, b) => size(a) - size(b))) {
      const d = base.rank[u] - R.rank[u];
      const hot = u === selected || Math.abs(d) >= least;
      svg.append(s("line", { x1: 108, x2: 192, y1: y(base.rank[u]), y2: y(R.rank[u]), class: u === selected ? "lx-own" : !hot ? "lx-pale" : d > 0 ? "lx-rise" : "lx-fall" }));
    }
    const taken = [[], []];
    const free = (side, v) => taken[side].every((other) => Math.abs(other - v) >= 11);
    for (const u of active.slice().sort((a, b) => (b === selected) - (a === selected) || size(b) - size(a))) {
      if (u !== selected && size(u) < least) continue;
      const [a, b] = [y(base.rank[u]), y(R.rank[u])];
      if (!free(0, a) || !free(1, b)) continue;
      taken[0].push(a);
      taken[1].push(b);
      svg.append(
        s("text", { x: 102, y: a + 4, "text-anchor": "end" }, `${shorten(U[u], 11.5, 76)} ${base.rank[u]}`),
        s("text", { x: 198, y: b + 4, class: "lx-bold" }, `${R.rank[u]} ${shorten(U[u], 11.5, 76)}`));
    }
    slopeBox.append(h("h4", {}, title), svg);
  }

  function unitTable() {
    if (!partsBox.open) return;
    const u = selected;
    const weight = effectiveOf(u);
    partsHead.replaceChildren(...[_("指标"), _("权重"), percent ? _("得分率") : _("得分"), _("失分")].map((text) => h("th", { scope: "col" }, text)));
    partsBody.replaceChildren(...order_.map((k) => {
      const on = weight[k] > 0;
      const got = points(u, k, weight);
      const given = seed.scores[u][k] !== null && R.cents[u] !== NONE;
      return h("tr", {}, h("th", { scope: "row" }, h("i", { style: { background: colour(C[k].pillar) } }), bdi(C[k].name)),
        h("td", {}, fixed(weight[k], 1)), h("td", {}, !given ? "—" : percent ? fixed(M.score[u * M.m + k], 1) + "%" : fixed(got)), h("td", {}, on ? fixed(weight[k] - got) : "—"));
    }));
  }

  // -- tipping points
  let tipTimer = 0;
  function drawTips() {
    clearTimeout(tipTimer);
    tips = new Map();
    const queue = sliders.filter((item) => !item.range.disabled);
    for (const item of sliders) if (item.range.disabled) tick(item, []);
    // Sums are quick; other means are searched for one slider at a time, so that the page never stalls.
    const batch = M.method === "arithmetic" && M.n <= 120 ? queue.length : 1;
    const run = () => {
      for (const item of queue.splice(0, batch)) {
        const found = tipping(M, W, item, locks, selected, R);
        tips.set(item, found);
        tick(item, found);
      }
      if (queue.length) tipTimer = setTimeout(run, 0);
      else tipWords();
    };
    if (batch > 1) run();
    else tipTimer = setTimeout(run, 30);
  }
  function tick(item, found) {
    item.ticks.replaceChildren(...found.map((tip) => h("span", { class: tip.kind === "first" ? "lx-tick lx-tick-f" : "lx-tick lx-tick-s", "data-tip": tip.kind, "data-at": String(tip.at), "data-to": U[tip.to], style: { left: spot(tip.at) } })));
    item.words.textContent = found.map((tip) => tipLine(item, tip, true)).filter(Boolean).join("");
  }
  function tipLine(item, tip, plain) {
    const at = shownTip(M, W, item, locks, tip);
    if (at === null) return "";
    const E = effective(M, W);
    const now = item.kind === "pillar" ? E.pillar[item.index] : E.criterion[item.index];
    const values = { slider: item.label, from: fixed(now, 1), to: plain ? fixed(at, 1) : h("b", {}, fixed(at, 1)), lost: plain ? U[tip.from] : bdi(U[tip.from]), won: plain ? U[tip.to] : bdi(U[tip.to]) };
    const up = at > now;
    const text = tip.kind === "first"
      ? up ? _("{slider}的权重由 {from} 升到 {to}，第一名由{lost}变为{won}。") : _("{slider}的权重由 {from} 降到 {to}，第一名由{lost}变为{won}。")
      : up ? _("{slider}的权重由 {from} 升到 {to}，{won}超过{lost}。") : _("{slider}的权重由 {from} 降到 {to}，{won}超过{lost}。");
    return plain ? fill(text, values) : parts(text, values);
  }
  function tipWords() {
    const lines = [];
    const E = effective(M, W);
    const now = (item) => (item.kind === "pillar" ? E.pillar[item.index] : E.criterion[item.index]);
    const scale = (item) => (item.kind === "pillar" ? 1 : W.pillar[M.pillarOf[item.index]] / TOTAL);
    for (const [kind, sign] of [["first", "▲ "], ["unit", "▏ "]]) {
      const all = [];
      for (const [item, found] of tips) if (!focused || focused === item) for (const tip of found) if (tip.kind === kind) all.push([item, tip, Math.abs(tip.at * scale(item) - now(item))]);
      all.sort((a, b) => a[2] - b[2]);
      let given = 0;
      for (const [item, tip] of all) {
        const line = tipLine(item, tip);
        if (line) lines.push(h("p", {}, h("span", { "aria-hidden": "true" }, sign), ...line));
        if (line && ++given >= (focused ? 2 : 1)) break;
      }
      if (!given && kind === "first" && !focused && [...R.rank].filter((r) => r > 0).length > 1) lines.push(h("p", {}, _("单独调整任何一项权重，第一名都不变。")));
    }
    if (focused && !lines.length) lines.push(h("p", {}, ...parts(_("单独调整{name}，第一名和所选单位的名次都不变。"), { name: bdi(focused.label) })));
    tipBox.replaceChildren(h("h4", {}, _("临界点")), ...lines, h("p", { class: "lx-q" }, _("▲ 第一名易位处　▏所选单位名次变化处　┊ 公布权重")));
  }

  // -- scenarios
  // A row is made once and then only rewritten: a button that is replaced under the keyboard loses the focus.
  function savedRow(entry) {
    if (entry.row) return entry.row;
    const text = h("span", {});
    const load = h("button", { type: "button", class: "lx-small", "aria-label": fill(_("载入情景{name}"), { name: entry.name }) }, _("载入"));
    load.addEventListener("click", () => go(entry.W, entry.name));
    const drop = h("button", { type: "button", class: "lx-small", "aria-label": fill(_("移除情景{name}"), { name: entry.name }) }, _("移除"));
    drop.addEventListener("click", () => {
      saved.splice(saved.indexOf(entry), 1);
      if (baseName === entry.name) compareWith(-1);
      bases();
      draw();
      (savedBox.querySelector("button") || (saveButton.disabled ? sliders[0].range : saveButton)).focus();
    });
    return (entry.row = { text, node: h("li", { title: entry.reason }, text, load, drop) });
  }
  function drawSaved() {
    savedBox.hidden = !saved.length;
    const rows = saved.map(savedRow);
    if (rows.length !== savedList.children.length || rows.some((row, i) => row.node !== savedList.children[i])) savedList.replaceChildren(...rows.map((row) => row.node));
    saved.forEach((entry, i) => {
      const r = evaluate(M, entry.W);
      let count = 0;
      for (let u = 0; u < M.n; u++) if (r.rank[u] !== published_.rank[u]) count++;
      rows[i].text.replaceChildren(...parts(_("{name}：第一名{first}，{many}名次变化"), { name: bold(entry.name), first: names(firsts(r)), many: many(count) }));
    });
  }
  function bases() {
    baseSelect.replaceChildren(h("option", { value: "-1" }, _("公布方案")), ...saved.map((entry, i) => h("option", { value: String(i) }, entry.name)));
    baseSelect.value = String(baseName === null ? -1 : saved.findIndex((entry) => entry.name === baseName));
  }
  function compareWith(i) {
    base = i < 0 ? published_ : evaluate(M, saved[i].W);
    baseName = i < 0 ? null : saved[i].name;
  }
  function openDialog() {
    sliders.forEach((item) => item.flush());
    overwrite = false;
    put(dialogNote, "");
    put(keep, _("保存"));
    nameInput.value = name;
    dialog.hidden = false;
    nameInput.focus();
  }
  function closeDialog() {
    dialog.hidden = true;
    saveButton.focus();
  }
  function stamp() {
    const now = new Date();
    const two = (x) => String(x).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}T${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  }
  function ask(text) {
    overwrite = true;
    put(dialogNote, text);
    put(keep, _("覆盖"));
    keep.focus();
  }
  function finish(entry) {
    const at = saved.findIndex((each) => each.name === entry.name);
    if (at < 0) saved.push(entry);
    else saved[at] = entry;
    name = entry.name;
    tell();
    bases();
    closeDialog();
    draw();
  }
  let pending = null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const entry = { name: nameInput.value.trim(), reason: reasonInput.value.trim(), W: copy(W) };
    if (!entry.name || !entry.reason) return put(dialogNote, _("名称和理由都要填写。"));
    if (!overwrite && saved.some((each) => each.name === entry.name)) return ask(_("已有同名情景，是否覆盖？"));
    if (model_.get("kernel")) {
      pending = entry;
      model_.set("request", { id: Date.now() + Math.random(), name: entry.name, reason: entry.reason, pillar: W.pillar, inner: W.inner, overwrite });
      model_.save_changes();
    } else {
      download(entry);
      finish(entry);
    }
  });
  function answer() {
    const reply = model_.get("reply");
    if (!pending || !reply || !reply.status) return;
    const entry = pending;
    if (reply.status === "exists") return ask(fill(_("文件“{file}”已存在，是否覆盖？"), { file: reply.file }));
    if (reply.status === "error") return put(dialogNote, fill(_("未能保存：{why}"), { why: reply.why }));
    pending = null;
    if (reply.status === "kept") download(entry);
    finish(entry);
    put(status, reply.file ? fill(_("已保存为 {file}。"), { file: reply.file }) : _("已保存。"));
  }
  function download(entry) {
    const text = scenarioText(M, entry.W, entry.name, entry.reason, stamp());
    const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "application/toml" })), download: scenarioFile(seed.quarter, entry.name), hidden: true });
    root.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // -- print and small screens
  function drawPrint() {
    if (!print.firstChild) {
      const head = [_("名次"), _("单位"), _("总分"), ...seed.pillars];
      const rows = [...first.order].map((u) => h("tr", {}, h("td", {}, first.rank[u] ? String(first.rank[u]) : M.veto[u] && first.cents[u] !== NONE ? _("否决") : _("未评")), h("th", { scope: "row" }, bdi(U[u])), h("td", {}, score(first.cents[u])),
        ...seed.pillars.map((_p, p) => h("td", {}, score(partCents(M, first, u, ["p", p]))))));
      print.append(h("p", {}), h("table", {}, h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, ...rows)));
    }
    const E = effective(M, W);
    const weights = order_.map((k) => `${C[k].name} ${fixed(E.criterion[k], 1)}`).join(_("、"));
    put(print.firstChild, !changed() && !name ? _("互动部分不打印，下表为公布结果。")
      : fill(name ? _("屏幕上当前为情景“{name}”，不影响公布结果，权重为：{weights}。下表按公布方案。") : _("屏幕上当前为未保存的权重调整，不影响公布结果，权重为：{weights}。下表按公布方案。"), { name, weights }));
  }
  function showTab(key) {
    const before = tab;
    tab = key;
    root.setAttribute("data-tab", key);
    roles();
    if (!root.classList.contains("lx-narrow")) return;
    stick();
    // Far down one panel is not far down another: begin at its head, or, back from a unit, at that unit's row.
    const panel = { w: weightPanel, r: rankPanel, u: unitPanel }[key];
    if (panel.getBoundingClientRect().top >= stuck) return;
    const row = key === "r" && before === "u" && rowPool.find((each) => !each.node.hidden && each.u === selected);
    if (row) row.node.scrollIntoView({ block: "center" });
    else panel.scrollIntoView({ block: "start" });
  }
  // What stays in view at the top of a phone hides nothing that has the focus.
  let stuck = 0;
  function stick() {
    stuck = tabs.offsetHeight + sentence.offsetHeight;
    css(root, "--stuck", `${stuck}px`);
  }
  function roles() {
    const narrow = root.classList.contains("lx-narrow");
    for (const button of tabButtons) {
      const on = button.getAttribute("data-tab") === tab;
      button.setAttribute("aria-selected", on);
      button.tabIndex = on ? 0 : -1;
    }
    for (const [panel, key] of [[weightPanel, "w"], [rankPanel, "r"], [unitPanel, "u"]]) {
      panel.setAttribute("role", narrow ? "tabpanel" : "group");
      if (narrow) panel.setAttribute("aria-labelledby", `${me}-t${key}`);
      else panel.removeAttribute("aria-labelledby");
    }
  }
  function fit() {
    const now = root.clientWidth;
    if (!now || now === width) return;
    width = now;
    root.classList.toggle("lx-narrow", now < NARROW);
    root.classList.toggle("lx-middle", now >= NARROW && now < WIDE);
    root.classList.toggle("lx-wide", now >= WIDE);
    roles();
    slots.clear();
  }
  tabs.addEventListener("keydown", (event) => {
    const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!to) return;
    event.stopPropagation();
    const at = (tabButtons.findIndex((b) => b.getAttribute("data-tab") === tab) + to + 3) % 3;
    showTab(tabButtons[at].getAttribute("data-tab"));
    tabButtons[at].focus();
  });

  // -- events of the bar
  undoButton.addEventListener("click", () => travel(undo, redo));
  redoButton.addEventListener("click", () => travel(redo, undo));
  resetButton.addEventListener("click", () => go(seed.base ? weightsOf(M, startAt) : official, seed.base && seed.start ? seed.start.name : ""));
  saveButton.addEventListener("click", openDialog);
  cancel.addEventListener("click", closeDialog);
  levelSelect.addEventListener("change", () => {
    level = [levelSelect.value[0], Number(levelSelect.value.slice(1))];
    slots.clear();
    draw();
    tellRanking();
  });
  baseSelect.addEventListener("change", () => {
    compareWith(Number(baseSelect.value));
    draw();
  });
  referenceSelect.addEventListener("change", () => {
    reference = referenceSelect.value;
    draw();
    tellGap();
  });
  topSelect.addEventListener("change", () => {
    shown = Number(topSelect.value);
    draw();
  });
  search.addEventListener("input", () => {
    query = search.value;
    slots.clear();
    drawRows();
    put(status, query.trim() ? fill(_("找到 {n} 个"), { n: listed().length }) : "");
  });
  root.addEventListener("keydown", (event) => {
    // Escape and Enter also end the choice of a Chinese character: that is not for the dialog.
    if (event.key === "Escape" && !event.isComposing && !dialog.hidden) closeDialog();
    if (event.key === "Tab" && !dialog.hidden) {
      const stops = [nameInput, reasonInput, cancel, keep];
      const at = stops.indexOf(document.activeElement);
      event.preventDefault();
      stops[at < 0 ? (event.shiftKey ? 3 : 0) : (at + (event.shiftKey ? 3 : 1)) % 4].focus();
    }
    shortcut(event);
    event.stopPropagation();
  });

  bases();
  el.append(root);
  fit();
  if (!root.className.includes("lx-w")) root.classList.add("lx-wide");
  roles();
  draw();
  root.setAttribute("data-ready", "1");
  model_.on("change:state", hear);
  model_.on("change:reply", answer);
  let watcher = null;
  const resized = () => {
    const before = width;
    fit();
    if (width !== before) draw();
  };
  if (typeof ResizeObserver === "function") {
    watcher = new ResizeObserver(resized);
    watcher.observe(root);
  } else window.addEventListener("resize", resized);
  return () => {
    clearTimeout(tipTimer);
    clearTimeout(restTimer);
    if (watcher) watcher.disconnect();
    else window.removeEventListener("resize", resized);
    if (model_.off) {
      model_.off("change:state", hear);
      model_.off("change:reply", answer);
    }
    root.remove();
  };
}

// -------------------------------------------------------------------------------------- 9 how a notebook calls it

export default { render: ({ model, el }) => mount(model, el) };
