/* Switches that are remembered, and text that is copied as it was. Nothing needs them. */
(function () {
  "use strict";

  var root = document.documentElement;

  function recall(name) {
    try {
      return localStorage.getItem("gallery." + name) === "on";
    } catch (error) {
      return false;
    }
  }

  function remember(name, on) {
    try {
      localStorage.setItem("gallery." + name, on ? "on" : "off");
    } catch (error) {
      return;
    }
  }

  function show(name, on) {
    root.classList.toggle(name, on);
    document.querySelectorAll('[data-switch="' + name + '"]').forEach(function (button) {
      button.setAttribute("aria-pressed", String(on));
      button.hidden = false;
    });
  }

  ["flipped", "marks", "stretched"].forEach(function (name) {
    var asked = name === "flipped" && "flip" in root.dataset;
    show(name, asked || recall(name));
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-switch]");
    if (!button) return;
    var name = button.dataset.switch;
    var on = !root.classList.contains(name);
    show(name, on);
    remember(name, on);
  });

  /* The drawing of a figure as a PNG, twice its size. From disk a browser does not allow it. */
  function saveAsPng(source) {
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      var link = document.createElement("a");
      canvas.width = 2 * image.width;
      canvas.height = 2 * image.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      link.href = canvas.toDataURL("image/png");
      link.download = source.split("/").pop().replace(/svg$/, "png");
      link.click();
    };
    image.src = source;
  }

  document.querySelectorAll("[data-png]").forEach(function (button) {
    button.hidden = location.protocol === "file:";
    button.addEventListener("click", function () { saveAsPng(button.dataset.source); });
  });

  /* Characters that are drawn as pictures are copied as themselves. */
  document.addEventListener("copy", function (event) {
    var selection = document.getSelection();
    if (!selection.rangeCount || !event.clipboardData) return;
    var range = selection.getRangeAt(0);
    var common = range.commonAncestorContainer;
    var inside = common.nodeType === Node.ELEMENT_NODE ? common : common.parentElement;
    if (!inside.closest("pre.x")) return;
    var part = range.cloneContents();
    part.querySelectorAll("[data-u]").forEach(function (drawn) {
      drawn.textContent = String.fromCodePoint(parseInt(drawn.dataset.u, 16));
    });
    event.clipboardData.setData("text/plain", part.textContent);
    event.preventDefault();
  });
})();
