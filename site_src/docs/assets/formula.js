/* Formulas over a text: features, counts that have reached a number, single characters and regular
   expressions, joined by & (and), | (or), ~ (not) and parentheses, as the pages of words write them:

       in_indent & ~(in_string | line_position>=10)      character==")" & /\w+\(/

   `~` binds most, then `&`, then `|`. */
"use strict";

const galleryFormula = (() => {
  const LONGEST = 500;  // characters of a formula
  const DEEPEST = 30;   // parentheses that are open at once
  const PART = new RegExp([
    /(?<sign>[&|~()])/u,
    /\/(?<pattern>(?:[^/\\]|\\.)+)\//u,
    /(?<name>[\p{L}_][\p{L}\p{N}_]*)(?:\s*>=\s*(?<least>-?\d+(?:\.\d+)?)|\s*==\s*(?<word>"(?:[^"\\]|\\.)*"))?/u,
  ].map(({ source }) => source).join("|"), "uy");
  const NAMED = ["word", "previous_word", "first_word", "last_mark"];
  const SPACE = /\s*/uy;

  class Reading {
    constructor(text, known) {
      if (text.length > LONGEST) throw new Error(`write it with at most ${LONGEST} characters`);
      this.text = text;
      this.known = known;
      this.at = 0;
      this.open = 0;
      this.step();
    }

    /* Goes on to the next sign or name; null at the end. */
    step() {
      SPACE.lastIndex = this.at;
      SPACE.exec(this.text);
      PART.lastIndex = this.start = SPACE.lastIndex;
      this.next = this.start < this.text.length ? PART.exec(this.text) : null;
      if (this.start < this.text.length && !this.next) throw this.wrong("cannot be read");
      this.at = PART.lastIndex;
    }

    wrong(what) {
      const rest = this.text.slice(this.start, this.start + 20);
      return new Error(`${what}, at ${rest ? `“${rest}”` : "the end"}`);
    }

    sign(sign) {
      if (this.next?.groups.sign !== sign) return false;
      this.step();
      return true;
    }

    whole() {
      const found = this.joined("|", () => this.joined("&", () => this.one()));
      if (this.next) throw this.wrong("expected & or | here");
      return found;
    }

    joined(sign, part) {
      const parts = [part()];
      while (this.sign(sign)) parts.push(part());
      return parts.length > 1 ? { join: sign, parts } : parts[0];
    }

    one() {
      if (this.sign("~")) return { join: "~", parts: [this.one()] };
      if (!this.sign("(")) return this.atom();
      this.open += 1;
      if (this.open > DEEPEST) throw this.wrong(`more than ${DEEPEST} parentheses are open`);
      const found = this.joined("|", () => this.joined("&", () => this.one()));
      if (!this.sign(")")) throw this.wrong("a parenthesis is not closed");
      this.open -= 1;
      return found;
    }

    atom() {
      const { pattern, name, least, word } = this.next?.groups ?? {};
      if (pattern) {
        this.step();
        return { pattern: new RegExp(pattern, "gmu") };
      }
      if (!name) throw this.wrong("expected a feature here");
      if (name === "character" && word) {
        this.step();
        return { character: JSON.parse(word) };
      }
      if (NAMED.includes(name) && word) {
        this.step();
        return { feature: `${name}==${JSON.stringify(JSON.parse(word))}`, least: null };
      }
      if (!this.known.has(name) || word) throw this.wrong("there is no such feature here");
      this.step();
      return { feature: name, least: least === undefined ? null : Number(least) };
    }
  }

  /* The tree of a formula; throws an Error that says what is wrong. */
  const parse = (text, known) => new Reading(text, known).whole();

  const atom = (tree, text) => {
    if (tree.pattern) return text.matching(tree.pattern);
    if (tree.character !== undefined) return text.characters.map((c) => c === tree.character);
    const labels = text.labelsOf(tree.feature);
    if (labels.length !== text.characters.length) return null;
    return labels.map((label) => tree.least === null ? label !== 0 : label >= tree.least);
  };

  /* Where a formula holds, one a character; null where one of its terms is not known: a feature that
     is the same all over the text, or a word that no formula of the network is about. */
  const holds = (tree, text) => {
    if (!tree.join) return atom(tree, text);
    const parts = tree.parts.map((part) => holds(part, text));
    if (parts.includes(null)) return null;
    if (tree.join === "~") return parts[0].map((on) => !on);
    return parts.reduce((a, b) => a.map((on, at) => tree.join === "&" ? on && b[at] : on || b[at]));
  };

  /* The regular expressions in a formula. */
  const patternsIn = ({ parts = [], pattern }) =>
    pattern ? [pattern] : parts.flatMap(patternsIn);

  return { parse, holds, patternsIn };
})();
