/* A training as a film: one moment at a time, by a slider or played. */
"use strict";

(() => {
  const form = document.querySelector("form[data-film]");
  if (!form) return;

  const EACH = 900;  // milliseconds
  const frames = document.querySelectorAll("[data-frame]");
  const dots = document.querySelectorAll("[data-moment]");
  const { moment: slider, play, said } = form.elements;
  let timer = null;

  const show = (at) => {
    frames.forEach((frame) => {
      frame.hidden = Number(frame.dataset.frame) !== at;
      if (!frame.hidden) said.textContent = frame.dataset.said;
    });
    dots.forEach((dot) => dot.classList.toggle("now", Number(dot.dataset.moment) === at));
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", said.textContent);
  };

  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };

  const step = () => {
    const at = Number(slider.value) + 1;
    show(at);
    if (at >= Number(slider.max)) stop();
  };

  const start = () => {
    if (slider.value === slider.max) show(0);
    play.textContent = "Stop";
    timer = setInterval(step, EACH);
  };

  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  play.addEventListener("click", () => timer ? stop() : start());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show(Number(slider.value));
})();
