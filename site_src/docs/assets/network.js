/* The networks of the gallery in the browser: RNN, GRU and LSTM of any number of layers, in plain
   typed arrays. All of it is one function without a word from outside, so that its source can be
   given to a worker. The order of the gates is PyTorch's: i f g o; r z n. */
var galleryNetwork = function () {
  "use strict";

  var GATES = { rnn: 1, gru: 3, lstm: 4 };
  var TOP = 5;

  /* float16 as base64 to Float32Array. */
  function decode(base64) {
    var raw = atob(base64);
    var floats = new Float32Array(raw.length / 2);
    for (var at = 0; at < floats.length; at += 1) {
      var bits = raw.charCodeAt(2 * at) | (raw.charCodeAt(2 * at + 1) << 8);
      var exponent = (bits >> 10) & 31;
      var fraction = bits & 1023;
      var size = exponent ? Math.pow(2, exponent - 15) * (1 + fraction / 1024)
        : Math.pow(2, -14) * (fraction / 1024);
      floats[at] = bits & 32768 ? -size : size;
    }
    return floats;
  }

  function sigmoid(x) {
    return 1 / (1 + Math.exp(-x));
  }

  /* out[r] += sum over k of matrix[r, k] * vector[k] */
  function addProduct(out, matrix, vector, rows, columns) {
    for (var r = 0, at = 0; r < rows; r += 1) {
      var a = 0, b = 0, c = 0, d = 0, k = 0;
      for (; k + 3 < columns; k += 4, at += 4) {
        a += matrix[at] * vector[k];
        b += matrix[at + 1] * vector[k + 1];
        c += matrix[at + 2] * vector[k + 2];
        d += matrix[at + 3] * vector[k + 3];
      }
      for (; k < columns; k += 1, at += 1) a += matrix[at] * vector[k];
      out[r] += a + b + c + d;
    }
  }

  /* model: {architecture, embedding, hidden, layers, vocabulary: string, weights: base64} */
  function Network(model) {
    var gates = GATES[model.architecture], H = model.hidden, rows = gates * H;
    var characters = Array.from(model.vocabulary), V = characters.length + 1;
    var floats = decode(model.weights), taken = 0;
    function take(count) {
      taken += count;
      return floats.subarray(taken - count, taken);
    }
    var embedding = take(V * model.embedding);
    var layers = [];
    for (var l = 0; l < model.layers; l += 1) {
      var width = l ? H : model.embedding;
      layers.push({ width: width, wi: take(rows * width), wh: take(rows * H),
        bi: take(rows), bh: take(rows) });
    }
    var decoder = take(V * H), bias = take(V);
    if (taken !== floats.length) throw new Error("weights of another size");

    var index = new Map();
    characters.forEach(function (character, at) { index.set(character, at + 1); });
    this.H = H;
    this.V = V;
    this.gates = gates;
    this.layers = layers;
    this.isLstm = model.architecture === "lstm";
    this.isGru = model.architecture === "gru";
    this.characters = characters;
    this.embedding = embedding;
    this.embeddingSize = model.embedding;
    this.decoder = decoder;
    this.bias = bias;
    this.index = index;
    this.inputs = [];           // of the first layer, by character
    this.read = [];             // characters that were read, and what came of each
    this.held = "";
  }

  Network.prototype.id = function (character) {
    return this.index.get(character) || 0;
  };

  Network.prototype.input = function (id) {
    if (!this.inputs[id]) {
      var layer = this.layers[0], E = this.embeddingSize;
      var out = Float32Array.from(layer.bi);
      addProduct(out, layer.wi, this.embedding.subarray(id * E, (id + 1) * E), out.length, E);
      this.inputs[id] = out;
    }
    return this.inputs[id];
  };

  /* One character: {h, c, gates} for each layer, after that of the character before. */
  Network.prototype.step = function (before, id, hold) {
    var H = this.H, rows = this.gates * H, out = [];
    for (var l = 0; l < this.layers.length; l += 1) {
      var layer = this.layers[l], last = before ? before[l] : null;
      var x = l ? Float32Array.from(layer.bi) : this.input(id);
      if (l) addProduct(x, layer.wi, out[l - 1].h, rows, layer.width);
      var past = Float32Array.from(layer.bh);
      if (last) addProduct(past, layer.wh, last.h, rows, H);
      var state = { h: new Float32Array(H), gates: new Float32Array(rows),
        c: this.isLstm ? new Float32Array(H) : null };
      for (var k = 0; k < H; k += 1) this.unit(state, last, x, past, k);
      if (hold && hold.layer === l) this.hold(state, hold);
      out.push(state);
    }
    return out;
  };

  Network.prototype.unit = function (state, last, x, past, k) {
    var H = this.H, g = state.gates, h = last ? last.h[k] : 0;
    if (this.isLstm) {
      g[k] = sigmoid(x[k] + past[k]);
      g[H + k] = sigmoid(x[H + k] + past[H + k]);
      g[2 * H + k] = Math.tanh(x[2 * H + k] + past[2 * H + k]);
      g[3 * H + k] = sigmoid(x[3 * H + k] + past[3 * H + k]);
      state.c[k] = g[H + k] * (last ? last.c[k] : 0) + g[k] * g[2 * H + k];
      state.h[k] = g[3 * H + k] * Math.tanh(state.c[k]);
    } else if (this.isGru) {
      g[k] = sigmoid(x[k] + past[k]);
      g[H + k] = sigmoid(x[H + k] + past[H + k]);
      g[2 * H + k] = Math.tanh(x[2 * H + k] + g[k] * past[2 * H + k]);
      state.h[k] = (1 - g[H + k]) * g[2 * H + k] + g[H + k] * h;
    } else {
      g[k] = Math.tanh(x[k] + past[k]);
      state.h[k] = g[k];
    }
  };

  /* The cell of an LSTM is held by its c, and h follows through the output gate. */
  Network.prototype.hold = function (state, hold) {
    var k = hold.index;
    if (this.isLstm && hold.signal === "c") {
      var value = Math.max(-0.9999, Math.min(0.9999, hold.value));
      state.c[k] = Math.atanh(value);
      state.h[k] = state.gates[3 * this.H + k] * value;
    } else {
      state.h[k] = hold.value;
    }
  };

  Network.prototype.scores = function (states) {
    var out = Float32Array.from(this.bias);
    addProduct(out, this.decoder, states[states.length - 1].h, this.V, this.H);
    return out;
  };

  Network.prototype.probabilities = function (states) {
    var p = this.scores(states), largest = -Infinity, sum = 0, i;
    for (i = 0; i < p.length; i += 1) largest = Math.max(largest, p[i]);
    for (i = 0; i < p.length; i += 1) sum += p[i] = Math.exp(p[i] - largest);
    for (i = 0; i < p.length; i += 1) p[i] /= sum;
    return p;
  };

  /* Read a text from its start; what is as it was the last time is not read again. */
  Network.prototype.readText = function (text, hold) {
    var held = hold ? [hold.layer, hold.index, hold.signal, hold.value].join() : "";
    var characters = Array.from(text), same = 0;
    if (held === this.held) {
      while (same < characters.length && same < this.read.length &&
        this.read[same].character === characters[same]) same += 1;
    }
    this.held = held;
    this.read.length = same;
    for (var at = same; at < characters.length; at += 1) {
      var id = this.id(characters[at]), before = at ? this.read[at - 1] : null;
      var states = this.step(before ? before.states : null, id, hold);
      this.read.push({ character: characters[at], states: states,
        p: before ? before.next[id] : null, next: this.probabilities(states) });
    }
    return this.read;
  };

  function valueOf(network, unit, now, before) {
    var state = now.states[unit.layer], last = before ? before.states[unit.layer] : null;
    var k = unit.index;
    if (unit.signal === "h") return state.h[k];
    if (unit.signal === "c") return Math.tanh(state.c[k]);
    if (unit.signal === "dh") return state.h[k] - (last ? last.h[k] : 0);
    return state.c[k] - (last ? last.c[k] : 0);
  }

  /* What a page shows: values and gates of a unit, likeliest next characters, bits. */
  function answer(network, asked) {
    var read = network.readText(asked.text, asked.hold), unit = asked.unit, H = network.H;
    var values = new Float32Array(read.length), bits = 0;
    var gates = [];
    for (var g = 0; g < network.gates; g += 1) gates.push(new Float32Array(read.length));
    read.forEach(function (now, at) {
      values[at] = valueOf(network, unit, now, read[at - 1]);
      for (var g = 0; g < gates.length; g += 1) {
        gates[g][at] = now.states[unit.layer].gates[g * H + unit.index];
      }
      if (now.p !== null) bits -= Math.log2(Math.max(now.p, 1e-12));
    });
    var guesses = read.map(function (now) { return top(network, now.next); });
    return { values: values, gates: gates, guesses: guesses,
      bits: read.length > 1 ? bits / (read.length - 1) : null };
  }

  function top(network, p) {
    var best = [];
    for (var id = 1; id < p.length; id += 1) {
      if (best.length === TOP && p[id] <= p[best[TOP - 1]]) continue;
      var at = best.length;
      while (at && p[best[at - 1]] < p[id]) at -= 1;
      best.splice(at, 0, id);
      best.length = Math.min(best.length, TOP);
    }
    return best.map(function (id) { return [network.characters[id - 1], p[id]]; });
  }

  return { Network: Network, answer: answer };
};
