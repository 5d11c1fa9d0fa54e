/* What can be counted in a text by looking at it once: what a network wrote, free and held. Each
   count is what its name says and no more; strings, comments and brackets are told apart by a few
   rules, where the labels of the builder take a lexer. */
"use strict";

const galleryCounted = (() => {
  /* How a language marks what is not code. A string ends with what it began with, one of a single
     mark at the end of its line too. Where none is said, only the mark " opens something, and it
     is closed by the next. */
  const C = { quotes: ['"', "'"], ends: true, comments: { "//": "\n", "/*": "*/" } };
  const LANGUAGES = { c: C, cpp: C, python: { quotes: ['"""', "'''", '"', "'"], ends: true,
    comments: { "#": "\n" } } };
  const OTHER = { quotes: ['"'], ends: false, comments: {} };
  const BRACKETS = { "(": 1, ")": -1 };

  const opening = (text, at, { quotes, comments }) => {
    const comment = Object.keys(comments).find((mark) => text.startsWith(mark, at));
    if (comment) return { kind: "comment", mark: comment, end: comments[comment] };
    const quote = quotes.find((mark) => text.startsWith(mark, at));
    return quote && { kind: "string", mark: quote, end: quote };
  };

  /* Of each character of a text what holds after it: { kind, open, column, indent }, where kind is
     "code", "string" or "comment", `open` counts parentheses of code that are open, and `column`
     characters of the line so far. A mark that closes is no longer inside. */
  const scan = (text, language) => {
    const rules = LANGUAGES[language] ?? OTHER, found = [];
    let inside = null, open = 0, column = 0, indent = true;
    const put = (part) => {
      for (const character of part) {
        const newline = character === "\n";
        indent = newline || indent && (character === " " || character === "\t");
        column = newline ? 0 : column + 1;
        found.push({ kind: inside?.kind ?? "code", open, column, indent: indent && !newline });
      }
    };
    for (let at = 0; at < text.length;) {
      const character = String.fromCodePoint(text.codePointAt(at));
      let part = character;
      if (inside) {
        const { kind, end } = inside, single = rules.ends && end.length === 1;
        if (kind === "string" && character === "\\" && rules.ends) part = text.slice(at, at + 2);
        else if (text.startsWith(end, at)) {
          part = end;
          inside = null;
        } else if (kind === "string" && single && character === "\n") inside = null;
      } else {
        inside = opening(text, at, rules) ?? null;
        part = inside?.mark ?? character;
        open = Math.max(0, open + (inside ? 0 : BRACKETS[character] ?? 0));
      }
      put(part);
      at += part.length;
    }
    return found;
  };

  const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const share = (holds) => (places) => 100 * mean(places.map((place) => Number(holds(place))));

  /* Counts of the characters from one on: feature id where it is one, a name, what the number is
     of, and the number. */
  const COUNTS = [
    { id: "in_string", name: "inside a string", unit: "%", of: share(({ kind }) => kind === "string") },
    { id: "in_comment", name: "inside a comment", unit: "%", of: share(({ kind }) => kind === "comment") },
    { id: "comment_or_string", name: "inside a comment or a string", unit: "%",
      of: share(({ kind }) => kind !== "code") },
    { id: "in_parens", name: "inside parentheses", unit: "%", of: share(({ open }) => open > 0) },
    { id: "in_indent", name: "in the indentation", unit: "%", of: share(({ indent }) => indent) },
    { id: "line_position", name: "column, on average", unit: "", of: (places) =>
      mean(places.map(({ column }) => column)) },
    { id: "newline", name: "newlines", unit: "per 100", of: share(({ column }) => column === 0) },
  ];

  /* The counts that make sense for a language. */
  const countsFor = (language) => COUNTS.filter(
    ({ id }) => language in LANGUAGES || !id.includes("comment"));

  /* What the counts are of what was written after a text, by their ids. */
  const count = (before, written, language) => {
    const places = scan(before + written, language).slice(Array.from(before).length);
    return Object.fromEntries(countsFor(language).map(({ id, of }) => [id, of(places)]));
  };

  return { scan, count, countsFor, mean };
})();
