/* Browsers start no worker from a file on disk. There, and only there, this one runs the script
   of the search in a hidden frame of the page, with the part of a worker's interface it needs. */
"use strict";

(() => {
  if (location.protocol !== "file:") return;

  const hiddenFrame = () => {
    const frame = Object.assign(document.createElement("iframe"),
      { hidden: true, title: "Search" });
    document.body.append(frame);
    return frame;
  };

  const load = (inner, source) => new Promise((resolve, reject) => {
    const script = inner.document.createElement("script");
    Object.assign(script, { src: source, onload: resolve, onerror: reject });
    inner.document.body.append(script);
  });

  class FrameWorker extends EventTarget {
    constructor(address) {
      super();
      this.address = new URL(address, document.baseURI).href;
      this.onmessage = null;
      this.frame = hiddenFrame();
      this.started = this.start(this.frame.contentWindow);
    }

    /* The window of the frame, once the script has run in it. */
    async start(inner) {
      inner.postMessage = (data) => { setTimeout(() => this.answer(data)); };
      inner.importScripts = async (...sources) => {
        for (const source of sources) await load(inner, new URL(source, this.address).href);
      };
      await load(inner, this.address);
      return inner;
    }

    async postMessage(data) {
      const inner = await this.started;
      inner.dispatchEvent(new inner.MessageEvent("message", { data }));
    }

    answer(data) {
      const event = new MessageEvent("message", { data });
      this.dispatchEvent(event);
      this.onmessage?.(event);
    }

    terminate() {
      this.frame.remove();
    }
  }

  window.Worker = FrameWorker;
})();
