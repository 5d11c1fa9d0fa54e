/* Browsers start no worker from a file on disk. There, and only there, this one runs the script
   of the search in a hidden frame of the page, with the part of a worker's interface it needs. */
(function () {
  "use strict";

  if (location.protocol !== "file:") return;

  function FrameWorker(address) {
    var worker = new EventTarget();
    var frame = document.createElement("iframe");
    var waiting = [];
    var scope = null;
    worker.onmessage = null;
    worker.postMessage = function (data) {
      if (scope) deliver(data);
      else waiting.push(data);
    };
    worker.terminate = function () {
      frame.remove();
    };

    function deliver(data) {
      setTimeout(function () {
        scope.dispatchEvent(new scope.MessageEvent("message", { data: data }));
      });
    }

    function answer(data) {
      setTimeout(function () {
        var event = new MessageEvent("message", { data: data });
        worker.dispatchEvent(event);
        if (worker.onmessage) worker.onmessage(event);
      });
    }

    function load(source) {
      return new Promise(function (resolve, reject) {
        var script = scope.document.createElement("script");
        script.src = source;
        script.onload = resolve;
        script.onerror = reject;
        scope.document.body.appendChild(script);
      });
    }

    function start() {
      var inner = frame.contentWindow;
      scope = inner;
      inner.postMessage = answer;
      inner.importScripts = function () {
        return Array.prototype.reduce.call(arguments, function (before, source) {
          return before.then(function () {
            return load(new URL(source, address).href);
          });
        }, Promise.resolve());
      };
      load(address).then(function () {
        waiting.splice(0).forEach(deliver);
      });
    }

    address = new URL(address, document.baseURI).href;
    frame.hidden = true;
    frame.title = "Search";
    document.body.appendChild(frame);
    start();
    return worker;
  }

  window.Worker = FrameWorker;
})();
