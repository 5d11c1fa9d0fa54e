/* What a visitor did is in the address behind #, as name=value&…, and an address with that opens
   as it was. Nothing of it is sent to a host: browsers keep what is behind #.

   Each script that has something to share has put a part into `galleryTools.parts`:
     defaults   what it is on a page that was just opened, { name: text }
     get()      what it is now
     set(all)   makes it so; every name that an address lacks has its default, and every value may
                be anything, since anybody can write an address */
"use strict";

(() => {
  const LONGEST_TEXT = 6000;  // characters of a text in an address, once they are encoded
  const LONGEST = 9000;       // of all of it
  const PAUSE = 250;          // milliseconds without a key before an address is written
  const UNIT = /^[a-z]+\d+\.\d+$/;
  const { parts } = galleryTools;
  const defaults = Object.assign({}, ...parts.map((part) => part.defaults));
  let clock = 0;

  const now = () => Object.assign({}, ...parts.map((part) => part.get()));

  const encoded = (entries) => new URLSearchParams(entries).toString();

  /* What is not as it was on the page that was just opened; a unit alone is its name. */
  const written = () => {
    const entries = Object.entries(now()).filter(
      ([name, value]) => value !== defaults[name] && (value || name !== "excerpt"));
    return entries.length === 1 && entries[0][0] === "unit" && UNIT.test(entries[0][1])
      ? entries[0][1] : encoded(entries);
  };

  /* What an address asks for; null where it is the place of something on the page, or is so long
     that none of ours can be. */
  const asked = () => {
    const raw = location.hash.slice(1);
    if (raw.length > LONGEST) return null;
    if (UNIT.test(raw)) return { unit: raw };
    if (!raw.includes("=")) return null;
    const given = Object.fromEntries([...new URLSearchParams(raw)].filter(
      ([name]) => Object.hasOwn(defaults, name)));
    return Object.keys(given).length ? given : null;
  };

  const open = () => {
    const given = asked();
    if (!given) return;
    if (given.text && !("excerpt" in given) && "excerpt" in defaults) given.excerpt = "";
    for (const part of parts) part.set({ ...defaults, ...given });
  };

  const tooLong = () => {
    const { text = "", other = "" } = now();  // a page may show two
    return Math.max(0, encoded({ text }).length + encoded({ other }).length - "text=other=".length
      - LONGEST_TEXT);
  };

  /* A browser may refuse to write so often: then the next time. */
  const write = () => {
    clearTimeout(clock);
    const hash = tooLong() ? "" : written();
    if (hash === location.hash.slice(1)) return;
    if (!hash && !asked()) return;  // the place of something on the page
    try {
      history.replaceState(history.state, "", hash ? `#${hash}` : location.pathname + location.search);
    } catch {
      // it is written with what is done next
    }
  };

  const later = () => {
    clearTimeout(clock);
    clock = setTimeout(write, PAUSE);
  };

  /* The address of the frame in a piece of HTML, with what is shown now. */
  const framed = (html) => {
    const { excerpt, text, display = "" } = now();
    const query = encoded({ ...(excerpt && excerpt !== defaults.excerpt ? { excerpt } : {}),
      ...(display.includes("flipped") ? { colours: "flipped" } : {}) });
    const own = text ? encoded({ text, ...(display ? { display } : {}) }) : "";
    const added = (own ? "" : query && `?${query}`) + (own && `#${own}`);
    return html.replace(/src="[^"]*/, (src) => src + added.replaceAll("&", "&amp;"));
  };

  galleryTools.address = {
    framed,
    get href() {
      write();
      return location.href;
    },
    /* Why there is no address of what is shown; "" where there is one. */
    get refusal() {
      const more = tooLong();
      return more ? `The text is too long for a link: once encoded it has ${
        (LONGEST_TEXT + more).toLocaleString("en")} characters, and ${
        LONGEST_TEXT.toLocaleString("en")} fit. Shorten it, or save a picture.` : "";
    },
  };

  for (const root of document.querySelectorAll("#play, #write, #explorer, #pair")) {
    for (const kind of ["input", "change", "click", "keyup"]) root.addEventListener(kind, later);
  }
  document.addEventListener("gallery:changed", write);
  addEventListener("hashchange", open);
  open();
})();
