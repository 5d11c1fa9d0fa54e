/* The one network of a page: it reads in a worker, and the page keeps what is known so far. */
"use strict";

const galleryEngine = (() => {
  /* Runs in a worker, or in the page where there can be none. It answers in parts, and stops
     where something else is asked meanwhile. */
  const serve = (make, makeKernel, makeSampling, architecture, scope) => {
    const tool = make(makeKernel), { writes } = makeSampling(tool);
    let network = null, turn = 0, place = -1, written = 0;

    /* A message takes its turn behind others at once, where a timer waits for some milliseconds. */
    const others = () => new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        done();
      };
      port2.postMessage(null);
    });

    const look = () => {
      const seen = place < 0 ? null : tool.look(network, place);
      if (seen?.free) scope.postMessage({ seen });
    };

    const answer = async (question) => {
      const mine = turn += 1;
      for (const part of tool.answers(network, question)) {
        scope.postMessage({ part, id: question.id });
        look();
        await others();
        if (mine !== turn) return;
      }
    };

    /* What is typed meanwhile is answered between two parts. */
    const write = async (question) => {
      const mine = written += 1;
      if (!question) return;
      for (const part of writes(network, question)) {
        scope.postMessage({ written: part, id: question.id });
        await others();
        if (mine !== written) return;
      }
    };

    scope.onmessage = ({ data }) => {
      if (data.model) network = new tool.Network(data.model, architecture);
      else if ("write" in data) write(data.write);
      else {
        place = data.place;
        if (data.question) answer(data.question);
        else look();
      }
    };
  };

  const inPage = (architecture) => {
    const port = { postMessage: (data) => { setTimeout(() => scope.onmessage({ data })); } };
    const scope = { postMessage: (data) => port.onmessage({ data }) };
    serve(galleryNetwork, galleryKernel, gallerySampling, architecture, scope);
    return port;
  };

  const inWorker = (architecture) => {
    const given = [galleryNetwork, galleryKernel, gallerySampling, architecture].join(", ");
    const source = `"use strict"; (${serve})(${given}, self);`;
    return new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  };

  /* The one network of the page. */
  class Engine {
    constructor({ model, architecture }, receive) {
      Object.assign(this, { model, architecture, receive, last: null, lastWrite: null, writes: 0 });
      this.characters = Array.from(model.vocabulary);
      this.never = new Set(model.never);  // indices that are no guesses
      try {
        this.start(location.protocol === "file:" ? inPage(architecture) : inWorker(architecture));
      } catch {
        this.start(inPage(architecture));
      }
    }

    start(port) {
      this.port = port;
      port.onmessage = ({ data }) => {
        if (!data.written) this.receive(data);
        else if (data.id === this.lastWrite?.id) this.tell(data.written);
      };
      port.onerror = (event) => {  // a browser may let no worker start
        event.preventDefault();
        port.terminate();
        this.start(inPage(this.architecture));
      };
      port.postMessage({ model: this.model });
      if (this.last) port.postMessage(this.last);
      if (this.lastWrite) port.postMessage({ write: this.lastWrite });
    }

    /* Ask about a text, and about what comes after a place in it. */
    ask(question, place) {
      this.last = { question, place };
      this.port.postMessage(this.last);
    }

    look(place) {
      this.last = { ...this.last, place };
      this.port.postMessage({ place });
    }

    /* Nothing more is asked of it. */
    end() {
      this.receive = () => {};
      this.port.terminate?.();
    }

    /* Let it write, as `writes` takes it; `tell` is called with each part. Null stops it. */
    write(question, tell) {
      this.writes += 1;
      Object.assign(this, { tell, lastWrite: question && { ...question, id: this.writes } });
      this.port.postMessage({ write: this.lastWrite });
    }
  }

  /* What is known of a text by now, of the free run and of the frozen one. */
  class Known {
    constructor(signals) {
      Object.assign(this, { signals, characters: [], unit: "" });
      this.forget();
    }

    forget() {
      this.free = { values: [], bits: [], strange: [], signals: Object.fromEntries(
        this.signals.map((name) => [name, []])) };
      this.thaw();
    }

    thaw() {
      this.frozen = { bits: [] };
    }

    /* Another text: what it has in common with the last one stays. */
    take(characters) {
      const other = this.characters.findIndex((was, at) => was !== characters[at]);
      if (other >= 0) this.cut(other);
      this.characters = characters;
    }

    cut(length) {
      const { free, frozen } = this;
      for (const row of [free.values, free.bits, free.strange, ...Object.values(free.signals), frozen.bits]) {
        row.length = Math.min(row.length, length);
      }
    }

    add({ run, from, bits, values, strange, signals: more }) {
      const put = (row, added) => { row.length = from; row.push(...added); };
      put(this[run].bits, bits);
      if (run === "frozen") return;
      put(this.free.values, values);
      put(this.free.strange, strange);
      for (const name of this.signals) put(this.free.signals[name], more[name] ?? []);
    }

    get lengths() {
      return { free: this.free.values.length, frozen: this.frozen.bits.length };
    }
  }

  return { Engine, Known };
})();
