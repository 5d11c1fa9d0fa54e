/* A matrix times a vector in WebAssembly, four numbers at once. The program is written below, instruction by
   instruction, and put together by the page itself: nothing is loaded for it, and nothing has to be built. */
"use strict";

/* Given the weights of a network, float32, and an `affine` by script, as `network.js` has it: { weights,
   affine } with the same weights in the memory of the program, and an `affine` that is fast where its matrix
   lies there. Null where a browser cannot run the program, or may not. Like `galleryNetwork`, this uses no word
   from outside. */
const galleryKernel = (given, plain) => {
  const ROWS = 8, SIZE = 4, LANES = 4;  // rows at a time; bytes of a number, numbers at a time
  const LONGEST = 2 ** 14;              // numbers of a vector; longer ones are left to the script
  const PAGE = 2 ** 16;                 // bytes
  const [I32, V128, FUNCTION, NOTHING, MEMORY, END] = [0x7f, 0x7b, 0x60, 0x40, 0x02, 0x0b];

  /* Unsigned numbers as LEB128; what has its length before it. */
  const unsigned = (value) => value < 128 ? [value] : [value % 128 + 128, ...unsigned(value >>> 7)];
  const sized = (...code) => {
    const bytes = code.flat(Infinity);
    return [unsigned(bytes.length), bytes];
  };
  const word = (letters) => sized(Array.from(letters, (letter) => letter.charCodeAt()));

  const get = (local) => [0x20, local], set = (local) => [0x21, local], keep = (local) => [0x22, local];
  const small = (value) => [0x41, value];  // an i32 below 64
  const [ADD, SUBTRACT, TIMES, LESS, SELECT] = [0x6a, 0x6b, 0x6c, 0x48, 0x1b];
  const vector = (code, ...rest) => [0xfd, unsigned(code), rest];
  const [LOAD, STORE] = [0, 11].map((code) => vector(code, 2, 0));  // 2 ** 2 divides the address
  const ZEROS = vector(12, new Array(16).fill(0));
  const [PLUS, PRODUCT] = [228, 230].map((code) => vector(code));
  const choose = (...lanes) => vector(13, lanes.map(    // four of the numbers of two vectors
    (lane) => Array.from({ length: SIZE }, (_, byte) => SIZE * lane + byte)));

  /* Parameters, in bytes but for the number of rows, and locals. */
  const [matrix, x, bias, out, rows, width, row, at] = [0, 1, 2, 3, 4, 5, 6, 7];
  const starts = at + 1, part = starts + ROWS, sums = part + 1;
  const each = (make) => Array.from({ length: ROWS }, (_, n) => make(n));

  const loop = (body, local, step, end) => [0x03, NOTHING, body,
    get(local), small(step), ADD, keep(local), get(end), LESS, 0x0d, 0, END];
  const ofRow = (base) => [get(base), get(row), small(SIZE), TIMES, ADD];

  /* [a0 + a2, b0 + b2, a1 + a3, b1 + b3] of two sums a, b; [sum a, sum b, sum c, sum d] of four. */
  const two = (a) => [get(a), get(a + 1), choose(0, 4, 1, 5), get(a), get(a + 1), choose(2, 6, 3, 7), PLUS];
  const four = (a) => [two(a), set(a), two(a + 2), set(a + 1),
    get(a), get(a + 1), choose(0, 1, 4, 5), get(a), get(a + 1), choose(2, 3, 6, 7), PLUS];

  /* Eight rows from one on; where fewer are left, the last eight, some of them for the second time. */
  const first = [get(row), get(rows), small(ROWS), SUBTRACT,
    get(row), get(rows), small(ROWS), SUBTRACT, LESS, SELECT, set(row)];
  const begin = [each((n) => [get(matrix), get(row), small(n), ADD, get(width), TIMES, ADD,
    set(starts + n), ZEROS, set(sums + n)]), small(0), set(at)];
  const across = loop([get(x), get(at), ADD, LOAD, set(part), each((n) => [get(sums + n),
    get(starts + n), get(at), ADD, LOAD, get(part), PRODUCT, PLUS, set(sums + n)])],
  at, SIZE * LANES, width);
  const told = (n) => [ofRow(out), small(SIZE * n), ADD, ofRow(bias), small(SIZE * n), ADD, LOAD,
    four(sums + n), PLUS, STORE];
  const body = [small(0), set(row), loop([first, begin, across, told(0), told(LANES)], row, ROWS, rows), END];

  const program = () => Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,  // "\0asm", version 1
    1, sized(1, FUNCTION, sized(new Array(6).fill(I32)), 0),
    2, sized(1, word("of"), word("page"), MEMORY, 0, 1),
    3, sized(1, 0),
    7, sized(1, word("affine"), 0, 0),
    10, sized(1, sized(2, 2 + ROWS, I32, 1 + ROWS, V128, body)),
  ].flat(Infinity));

  /* Memory for the weights, and behind them for three vectors. */
  const start = () => {
    const bytes = SIZE * (given.length + 3 * (LONGEST + LANES));
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(program()), { of: { page: memory } });
    return { buffer: memory.buffer, run: exports.affine };
  };

  let started = null;
  try {
    started = start();
  } catch {
    return null;
  }
  const { buffer, run } = started;
  const weights = new Float32Array(buffer, 0, given.length);
  weights.set(given);
  const [input, added, result] = [0, 1, 2].map((n) => new Float32Array(
    buffer, SIZE * (given.length + n * (LONGEST + LANES)), LONGEST + LANES));

  const affine = (by, vector_, plus) => {
    const R = plus.length, K = vector_.length;
    if (by.buffer !== buffer || R < ROWS || !K || Math.max(R, K) > LONGEST) return plain(by, vector_, plus);
    input.set(vector_);
    input.fill(0, K, K + LANES);  // a row is read to the end of its last four numbers
    if (plus.buffer !== buffer) added.set(plus);
    run(by.byteOffset, input.byteOffset, (plus.buffer === buffer ? plus : added).byteOffset,
      result.byteOffset, R, SIZE * K);
    return result.slice(0, R);
  };

  return { weights, affine };
};
