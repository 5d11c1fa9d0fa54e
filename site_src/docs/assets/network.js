/* Recurrent networks in the browser, in plain typed arrays: text cut into steps, embedding, layers,
   decoder. What a layer computes is said by its architecture, one file of `architectures/`; nothing here knows
   any of them. */
"use strict";

/* Name of an architecture to a function that is given { affine, sigmoid, opened } and returns

     weights(width, H)   tensors of a layer in the order in which they are stored, { name: shape }
     states              what is carried from step to step, { name: what a page shows of a value };
                         one is `h`, which the next layer and the decoder read, unless there is
     output(w, input, now)   what they read instead, float32[H], of what the step has filled
     signals             names of gates and candidates, in the order in which they are computed
     input(w, x)         what comes of the input alone, kept for every character
     step(w, input, last, now)   fills every state and signal of `now` from the states of `last`
     hold(now, k, state, shown)  puts unit k where the page shows `shown`, and what follows from it;
                         where it is not there, the state itself is put there

   w: float32 for each name of `weights`, row by row. x: float32[width]. last, now: float32[H] for
   each state and signal; zeros before the first step. These functions, like the one below, use no
   word from outside: a worker is started from their source.

   Or to { like, gates }: it is the one named `like` but for how far a gate is open that is given x,
   `opened(x)`, which is the function `gates` below where that is said, and else a sigmoid. */
const galleryArchitectures = {};

/* With `galleryKernel` of `kernel.js`, matrices are multiplied by it where a browser can; without, by script. */
const galleryNetwork = (makeKernel = null) => {
  const FIRST = 20, PART = 100;  // characters that are read before what came of them is told
  const LEAST = 1e-12;  // of a probability whose logarithm is taken

  /* float16 as base64 to float32: (-1)^s 2^(e - 15) (1 + m), and (-1)^s 2^-14 m where e = 0. */
  const decode = (base64) => {
    const raw = atob(base64);
    const floats = new Float32Array(raw.length / 2);
    for (let at = 0; at < floats.length; at += 1) {
      const bits = raw.charCodeAt(2 * at) | (raw.charCodeAt(2 * at + 1) << 8);
      const exponent = (bits >> 10) & 31, fraction = (bits & 1023) / 1024;
      const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
      floats[at] = bits & 32768 ? -size : size;
    }
    return floats;
  };

  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const GATES = { sigmoid, hard: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)) };
  const put = (now, k, state, shown) => { now[state][k] = shown; };
  const layersOf = (architecture, { gates = "sigmoid" }, product) =>
    ({ hold: put, ...architecture({ affine: product, sigmoid, opened: GATES[gates] }) });

  /* bias + matrix @ x: float32[R] from float32[R, K], float32[K] and float32[R].
     Two rows at a time, each in four sums that do not wait for each other; the last row of an odd
     number is its own other. */
  const affine = (matrix, x, bias) => {
    const R = bias.length, K = x.length, out = new Float32Array(R);
    for (let r = 0; r < R; r += 2) {
      const other = Math.min(r + 1, R - 1);
      let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
      let i = r * K, j = other * K, k = 0;
      for (; k + 3 < K; k += 4, i += 4, j += 4) {
        const p = x[k], q = x[k + 1], s = x[k + 2], t = x[k + 3];
        a += matrix[i] * p; b += matrix[i + 1] * q; c += matrix[i + 2] * s; d += matrix[i + 3] * t;
        e += matrix[j] * p; f += matrix[j + 1] * q; g += matrix[j + 2] * s; h += matrix[j + 3] * t;
      }
      for (; k < K; k += 1, i += 1, j += 1) {
        a += matrix[i] * x[k];
        e += matrix[j] * x[k];
      }
      out[r] = bias[r] + (a + b + c + d);
      out[other] = bias[other] + (e + f + g + h);
    }
    return out;
  };

  const softmax = (scores) => {
    const powers = new Float32Array(scores.length);
    let most = -Infinity, sum = 0;
    for (const score of scores) most = Math.max(most, score);
    for (let id = 0; id < scores.length; id += 1) {
      const power = Math.exp(scores[id] - most);
      powers[id] = power;
      sum += power;
    }
    for (let id = 0; id < scores.length; id += 1) powers[id] /= sum;
    return powers;
  };

  /* Cuts floats into tensors, { name: shape } at a time, and knows whether all were taken. */
  class Tensors {
    constructor(floats) {
      this.floats = floats;
      this.taken = 0;
    }

    take(shapes) {
      return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => {
        const start = this.taken;
        this.taken += shape.reduce((size, side) => size * side, 1);
        return [name, this.floats.subarray(start, this.taken)];
      }));
    }

    end() {
      if (this.taken !== this.floats.length) throw new Error("weights of another size");
    }
  }

  const characters = (text) => Array.from(text).length;

  /* Steps of a text, each { id, size }, by kind of tokens. Sizes are in characters; a byte inside
     a character has size 0. */
  const CUTS = {
    characters: (text, { idOf }) => Array.from(text, (it) => ({ id: idOf(it), size: 1 })),

    bytes: (text, { rows }) => Array.from(text).flatMap((it) => {
      const bytes = new TextEncoder().encode(it);
      return Array.from(bytes, (byte, n) => ({ id: rows[byte], size: Number(n === bytes.length - 1) }));
    }),

    /* Blank space that is no step belongs to the word after it, at the end to the one before. */
    words: (text, { pattern, idOf, unknown }) => {
      const steps = [];
      let done = 0;
      for (const { 0: word, index } of text.matchAll(pattern)) {
        const stop = index + word.length;
        steps.push({ id: idOf(word), size: characters(text.slice(done, stop)) });
        done = stop;
      }
      const rest = characters(text.slice(done));
      if (steps.length) steps.at(-1).size += rest;
      else if (rest) steps.push({ id: unknown, size: rest });
      return steps;
    },

    pieces: (text, { ids, longest, unknown }) => {
      const all = Array.from(text), steps = [];
      for (let at = 0; at < all.length; at += steps.at(-1).size) {
        let size = Math.min(longest, all.length - at);
        while (size > 1 && !ids.has(all.slice(at, at + size).join(""))) size -= 1;
        steps.push({ id: ids.get(all.slice(at, at + size).join("")) ?? unknown, size });
      }
      return steps;
    },

    /* Byte pairs: in each part the pair that was learned first is joined first. A token that ends
       inside a character ends before it. */
    pairs: (text, { pattern, alphabet, ranks, entryIds }) => Array.from(
      text.matchAll(pattern)).flatMap(([part]) => {
        const letters = [], ends = [];  // of each byte: its letter, characters before its end
        Array.from(part).forEach((it, n) => new TextEncoder().encode(it).forEach((byte, b, all) => {
          letters.push(alphabet[byte]);
          ends.push(b === all.length - 1 ? n + 1 : n);
        }));
        let joined = letters.map((letter, n) => [letter, n]);  // text, number of its last byte
        for (;;) {
          const found = joined.slice(1).map(([next], n) => ranks.get(`${joined[n][0]} ${next}`));
          const best = found.reduce((a, b) => b === undefined || a <= b ? a : b, undefined);
          if (best === undefined) break;
          const after = [];
          for (let n = 0; n < joined.length; n += 1) {
            if (n + 1 < joined.length && ranks.get(`${joined[n][0]} ${joined[n + 1][0]}`) === best) {
              after.push([joined[n][0] + joined[n + 1][0], joined[n + 1][1]]);
              n += 1;
            } else after.push(joined[n]);
          }
          joined = after;
        }
        let done = 0;
        return joined.map(([token, last]) => {
          const size = ends[last] - done;
          done = ends[last];
          return { id: entryIds.get(token), size };
        });
      }),
  };

  /* A text in steps, as the network was trained to read it: { id, size, fresh }, where the state
     before a fresh step is zero. */
  class Cutting {
    constructor({ vocabulary, tokens = "characters", reset = "document", unknown = 0, never = [],
      end, rows, pattern, alphabet, merges = [], entries = [] }) {
      const names = Array.from(vocabulary);
      this.never = new Set(never);  // indices that no text has
      const ids = new Map(names.flatMap(
        (name, at) => this.never.has(at + 1) ? [] : [[name, at + 1]]));
      if (end && !ids.has("\n")) ids.set("\n", end);
      const idOf = (name) => ids.get(name) ?? unknown;
      Object.assign(this, { cutLine: CUTS[tokens], reset, ids, idOf, unknown, rows, alphabet,
        longest: Math.max(0, ...Array.from(ids.keys(), characters)),
        pattern: pattern && new RegExp(pattern, "gu"),
        ranks: new Map(merges.map((pair, rank) => [pair, rank])),
        entryIds: new Map(entries.map((entry, at) => [entry, at + 1])) });
    }

    cut(text) {
      const steps = (this.reset === "line" ? text.split(/(?<=\n)/) : [text]).flatMap((line) => {
        const cut = this.cutLine(line, this);
        return cut.map((step, n) => ({ ...step, fresh: n === 0 }));
      });
      const window = Number(this.reset);
      if (window) steps.forEach((step, n) => { step.fresh = n % window === 0; });
      let stop = 0;
      for (const step of steps) {
        stop += step.size;
        step.stop = stop;
      }
      return steps;
    }
  }

  class Network {
    /* model: { embedding, hidden, layers, vocabulary, weights: base64 } with V - 1 names of steps,
       how they are read, as `Cutting` takes it, `begin`, what is fed before a text, and `gates`;
       architecture: a function of galleryArchitectures. */
    constructor(model, architecture) {
      const floats = decode(model.weights);
      const { weights, affine: product } = makeKernel?.(floats, affine) ?? { weights: floats, affine };
      this.affine = product;
      this.architecture = layersOf(architecture, model, product);
      this.characters = Array.from(model.vocabulary);
      this.cutting = new Cutting(model);
      this.begin = model.begin ?? 0;
      this.begins = model.reset === "line";
      this.size = model.hidden;
      this.unpack(model, weights);
      this.starts = this.layers.map(() => this.room());
      this.inputs = [];  // of the first layer, by character
      this.readings = {};
    }

    unpack({ embedding: E, hidden: H, layers }, weights) {
      const V = this.characters.length + 1, tensors = new Tensors(weights);
      this.embedding = tensors.take({ weight: [V, E] }).weight;
      this.layers = Array.from({ length: layers }, (_, layer) =>
        tensors.take(this.architecture.weights(layer ? H : E, H)));
      this.decoder = tensors.take({ weight: [V, H], bias: [V] });
      tensors.end();
    }

    /* Zeros for what a layer computes at a step: { name: float32[H] }. */
    room() {
      const { states, signals } = this.architecture, H = this.size, room = {};
      const names = [...Object.keys(states), ...signals];
      const floats = new Float32Array(names.length * H);
      names.forEach((name, at) => { room[name] = floats.subarray(at * H, (at + 1) * H); });
      return room;
    }

    /* What the first layer makes of a character, whatever came before it. */
    input(id) {
      const E = this.embedding.length / (this.characters.length + 1);
      this.inputs[id] ||= this.architecture.input(
        this.layers[0], this.embedding.subarray(id * E, (id + 1) * E));
      return this.inputs[id];
    }

    /* One character: what each layer computes, after what it computed at the one before, and
       `output`, what is read of it. Nothing is frozen, or a unit, or several in a list. */
    step(before, id, hold) {
      const { architecture } = this, out = [], holds = [hold ?? []].flat();
      this.layers.forEach((w, layer) => {
        const input = layer ? architecture.input(w, out[layer - 1].output) : this.input(id);
        const now = this.room();
        architecture.step(w, input, (before ?? this.starts)[layer], now);
        for (const held of holds) {
          if (held.layer === layer) architecture.hold(now, held.index, held.state, held.value);
        }
        now.output = architecture.output?.(w, input, now) ?? now.h;
        out.push(now);
      });
      return out;
    }

    /* Begin with a state instead of with zeros: of each state, in their order, float32[L, H]. */
    startFrom(floats) {
      const H = this.size, L = this.layers.length, names = Object.keys(this.architecture.states);
      if (floats.length !== names.length * L * H) throw new Error("a state of another size");
      names.forEach((name, at) => this.starts.forEach((start, layer) =>
        start[name].set(floats.subarray((at * L + layer) * H, (at * L + layer + 1) * H))));
      return this;
    }

    /* What each layer computes at each of some steps, which begin nothing anew. */
    *follow(steps) {
      let now = null;
      for (const { id } of steps) {
        now = this.step(now, id);
        yield now;
      }
    }

    /* The decoder of what was read; of a network that predicts, its guesses before `softmax`. */
    scores(states) {
      return this.affine(this.decoder.weight, states.at(-1).output, this.decoder.bias);
    }

    probabilities(states) {
      return softmax(this.scores(states));
    }

    /* The reading with no unit frozen, or with the one that is, if it was the last such. */
    kept(hold) {
      const last = this.readings[hold ? "frozen" : "free"];
      return last && JSON.stringify(last.hold) === JSON.stringify(hold) ? last : null;
    }

    /* The same, or a new one; each is kept for the next text. */
    reading(hold) {
      const kept = this.kept(hold) ?? new Reading(this, hold);
      this.readings[hold ? "frozen" : "free"] = kept;
      return kept;
    }
  }

  /* What a network makes of a text, step by step, with a unit frozen or with none. */
  class Reading {
    constructor(network, hold) {
      Object.assign(this, { network, hold, steps: [], read: [] });
    }

    /* Take up a text; what begins as the last one did is kept. */
    begin(steps) {
      const other = this.read.findIndex((was, at) => was.id !== steps[at]?.id
        || was.stop !== steps[at].stop || was.fresh !== steps[at].fresh);
      if (other >= 0) this.read.length = other;
      this.steps = steps;
    }

    get isDone() {
      return this.read.length === this.steps.length;
    }

    /* Read so many steps, and on to the end of a character. */
    readOn(count) {
      const { read, steps } = this, stop = Math.min(read.length + count, steps.length);
      while (read.length < stop || !this.isDone && read.at(-1)?.size === 0) {
        read.push(this.next(steps[read.length]));
      }
    }

    next(step) {
      const { network, hold } = this, known = step.id !== network.cutting.unknown;
      const before = this.before(step);
      const states = network.step(before?.states, step.id, hold);
      return { ...step, known, states, next: network.probabilities(states),
        p: before && known ? before.next[step.id] : null };
    }

    /* What a step is read after: the one before, or what is fed where the state begins anew. */
    before({ fresh }) {
      const { network, hold } = this;
      if (!fresh) return this.read.at(-1);
      if (!network.begin || this.read.length && !network.begins) return null;
      const states = network.step(null, network.begin, hold);
      return { states, next: network.probabilities(states) };
    }

    /* Number of the step that covers a character; of all where it is not read. */
    covering(at) {
      const found = this.read.findIndex(({ size, stop }) => size && stop > at);
      return found < 0 ? this.read.length : found;
    }

    /* Number of the first step that a character needs: bytes of it cover nothing. */
    firstOf(at) {
      let number = this.covering(at);
      while (number && this.read[number - 1].size === 0) number -= 1;
      return number;
    }

    /* Where a step begins, in characters. */
    startOf(number) {
      return number ? this.read[number - 1].stop : 0;
    }
  }

  /* `dh` is the change of the state h, where no state has that name. */
  const stateOf = (states, signal) =>
    Object.hasOwn(states, signal) ? signal : signal.replace(/^d/, "");

  /* { signal, state, layer, index } of a name such as h0.17; null where a model has no such unit.
     Units are states and their changes. */
  const unitOf = (name, model, architecture) => {
    const [, signal, layer, index] = name.trim().match(/^([a-z]+)(\d+)\.(\d+)$/) ?? [];
    if (!signal) return null;
    const { states } = layersOf(architecture, model, affine), state = stateOf(states, signal);
    const unit = { signal, state, layer: Number(layer), index: Number(index) };
    const known = Object.hasOwn(states, state);
    return known && unit.layer < model.layers && unit.index < model.hidden ? unit : null;
  };

  /* Of steps from one on: a state as pages show it, or by how much it changed. */
  const valuesOf = ({ network, read }, { signal, layer, index }, from) => {
    const { states } = network.architecture, state = stateOf(states, signal);
    const raw = (at) => read[at].states[layer][state][index];
    const last = (at) => at && !read[at].fresh ? raw(at - 1) : 0;
    return read.slice(from).map((_, i) => signal === state
      ? states[state](raw(from + i)) : raw(from + i) - last(from + i));
  };

  /* -log2 p of each character, which share those of their step; NaN where nothing could predict
     it, and where the network does not know it. */
  const bitsOf = ({ read }, from) => {
    const bits = [];
    let sum = 0;
    for (const { p, size } of read.slice(from)) {
      sum += p === null ? NaN : -Math.log2(Math.max(p, LEAST));
      if (!size) continue;
      for (let n = 0; n < size; n += 1) bits.push(sum / size);
      sum = 0;
    }
    return Float32Array.from(bits);
  };

  /* What a page shows of the characters of steps from one on: a unit's value, its signals by name
     and whether it is known, where nothing is frozen, and the bits. */
  const shownOf = (reading, unit, from) => {
    const bits = bitsOf(reading, from), steps = reading.read.slice(from);
    if (reading.hold) return { bits };
    const spread = (values) => Float32Array.from(
      steps.flatMap(({ size }, n) => Array(size).fill(values[n])));
    const column = (name) => spread(steps.map((now) => now.states[unit.layer][name][unit.index]));
    const { signals } = reading.network.architecture;
    return { bits, values: spread(valuesOf(reading, unit, from)),
      strange: spread(steps.map(({ known }) => Number(!known))),
      signals: Object.fromEntries(signals.map((name) => [name, column(name)])) };
  };

  /* Yields what comes of a text, in parts: { run, from, ...shownOf }. A question is
     { text, unit, hold, known: { free, frozen } }: how many characters of each run are known on
     the page already; what was read before is not read again. The free run comes first. */
  const answers = function* (network, { text, unit, hold, known }) {
    const steps = network.cutting.cut(text);
    for (const held of hold ? [null, hold] : [null]) {
      const reading = network.reading(held), run = held ? "frozen" : "free";
      reading.begin(steps);
      let from = reading.firstOf(known[run]), count = FIRST;
      do {
        const start = reading.startOf(from);
        reading.readOn(count);
        count = PART;
        yield { run, from: start, ...shownOf(reading, unit, from) };
        from = reading.read.length;
      } while (!reading.isDone);
    }
  };

  /* Probabilities of what comes after the step that covers a character, by index in the
     vocabulary, free and frozen; null where a run has not come so far. */
  const look = (network, at) => {
    const next = (reading) => reading?.read[reading.covering(at)]?.next ?? null;
    return { at, free: next(network.readings.free), frozen: next(network.readings.frozen) };
  };

  return { Cutting, Network, Reading, answers, look, unitOf, valuesOf };
};
