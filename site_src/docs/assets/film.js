/* A training as a film: one moment at a time, by a slider or played. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-film]");
  if (!form) return;

  var frames = Array.from(document.querySelectorAll("[data-frame]"));
  var dots = Array.from(document.querySelectorAll("[data-moment]"));
  var slider = form.elements.moment;
  var play = form.elements.play;
  var timer = null;

  function show(at) {
    frames.forEach(function (frame) {
      var now = Number(frame.dataset.frame) === at;
      frame.hidden = !now;
      if (now) form.elements.said.textContent = frame.dataset.said;
    });
    dots.forEach(function (dot) {
      dot.classList.toggle("now", Number(dot.dataset.moment) === at);
    });
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", form.elements.said.textContent);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }

  function step() {
    var at = Number(slider.value) + 1;
    show(at);
    if (at >= Number(slider.max)) stop();
  }

  slider.addEventListener("input", function () {
    stop();
    show(Number(slider.value));
  });

  play.addEventListener("click", function () {
    if (timer) return stop();
    if (slider.value === slider.max) show(0);
    play.textContent = "Stop";
    timer = setInterval(step, 900);
  });

  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.hidden = false;
  show(Number(slider.value));
})();
