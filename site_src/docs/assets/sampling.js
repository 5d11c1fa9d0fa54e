/* What a network writes: its guesses are drawn and read again. The same numbers give the same text
   everywhere; how they are drawn is said on the page *How to read*. */
"use strict";

/* Like `galleryNetwork`, whose tools it is given, this uses no word from outside: a worker is
   started from its source. */
const gallerySampling = ({ Reading, valuesOf }) => {
  const PART = 40;  // steps that are read before what came of them is told
  const GROWTH = 0x6D2B79F5, WHOLE = 2 ** 32;

  /* Numbers from 0 to 1, without 1: mulberry32, from a seed of 32 bits. */
  const chance = (seed) => {
    let state = seed >>> 0;
    return () => {
      state = (state + GROWTH) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / WHOLE;
    };
  };

  /* Weights p^(1/T) of the guesses that may be written, 0 of the others: float64[V]. */
  const weightsOf = (p, { never, unknown }, temperature) => Float64Array.from(p, (one, id) =>
    !id || id === unknown || never.has(id) ? 0 : one ** (1 / temperature));

  /* The first index up to which the weights, added in their order, are more than the share u of
     all of them. */
  const drawn = (weights, u) => {
    const aim = u * weights.reduce((a, b) => a + b, 0);
    let sum = 0;
    const found = weights.findIndex((weight) => {
      sum += weight;
      return weight && sum > aim;
    });
    return found < 0 ? weights.findLastIndex((weight) => weight) : found;
  };

  /* The reading of a text of which the network may know a part; what it knows stays as it is. */
  const readingOf = (network, text, hold) => {
    const reading = new Reading(network, hold);
    reading.read = network.kept(hold)?.read.slice() ?? [];
    reading.begin(network.cutting.cut(text));
    return reading;
  };

  /* A text that grows by what is drawn from what the network expects after another. */
  class Writing {
    constructor({ network, hold, read, steps }, text) {
      Object.assign(this, { network, text, place: steps.length, length: 0 });
      this.reading = new Reading(network, hold);
      this.reading.read = [read.at(-1)];
    }

    /* Where the state before the next step is zero, as `Cutting` has it. */
    get isFresh() {
      const { reset } = this.network.cutting, window = Number(reset);
      return window ? this.place % window === 0 : reset === "line" && this.text.endsWith("\n");
    }

    next(random, temperature) {
      const { network, reading } = this, fresh = this.isFresh;
      const { next } = reading.before({ fresh }) ?? reading.read.at(-1);
      const id = drawn(weightsOf(next, network.cutting, temperature), random());
      const name = network.characters[id - 1], size = Array.from(name).length;
      reading.read.push(reading.next({ id, size, fresh }));
      this.place += 1;
      this.length += size;
      this.text += name;
      return { name, size };
    }
  }

  /* Yields a continuation in parts: { number, run, text, values }, the values of a unit at each
     character; then one that says `done`. */
  const continued = function* (begun, { text, unit, temperature, length }, seed, told) {
    const writing = new Writing(begun, text), random = chance(seed);
    while (writing.length < length) {
      const from = writing.reading.read.length, steps = [];
      while (steps.length < PART && writing.length < length) {
        steps.push(writing.next(random, temperature));
      }
      const values = valuesOf(writing.reading, unit, from);
      yield { ...told, text: steps.map(({ name }) => name).join(""),
        values: steps.flatMap(({ size }, n) => Array(size).fill(values[n])) };
    }
    yield { ...told, text: "", values: [], done: true };
  };

  /* Yields what a network writes after a text, free and with a unit held, in so many
     continuations. Number n of each is drawn with seed + n, so both begin alike. The unit is held
     from the first character of the text on. */
  const writes = function* (network, question) {
    const { text, hold, seed, count } = question, begun = {};
    for (const run of ["free", "held"]) {
      begun[run] = readingOf(network, text, run === "held" ? hold : null);
      while (!begun[run].isDone) {
        begun[run].readOn(PART);
        yield { run, reading: true };
      }
    }
    for (let number = 0; number < count; number += 1) {
      for (const run of ["free", "held"]) {
        yield* continued(begun[run], question, seed + number, { number, run });
      }
    }
  };

  return { chance, drawn, weightsOf, writes };
};
