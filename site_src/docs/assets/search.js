/* The search index is as large as all that can be found. The theme fetches it on every page; this lets
   it wait until somebody goes to the search, or comes with something to search for. */
"use strict";

(() => {
  const INDEX = /search\/search_index\.json$/;
  const wanted = new Promise((resolve) => {
    if (new URLSearchParams(location.search).has("q")) resolve();
    const look = ({ target }) => {
      if (target instanceof Element && target.closest("[data-md-component^=search], [for=__search]")) {
        resolve();
      }
    };
    for (const kind of ["focusin", "pointerdown"]) addEventListener(kind, look);
  });

  window.XMLHttpRequest = class extends window.XMLHttpRequest {
    open(method, address, ...others) {
      this.isLate = INDEX.test(address);
      super.open(method, address, ...others);
    }

    send(body) {
      if (this.isLate) wanted.then(() => super.send(body));
      else super.send(body);
    }
  };
})();
