/* A training as a film: one unit and one moment at a time, by a slider or played. */
"use strict";

(() => {
  const form = document.querySelector("form[data-film]");
  if (!form) return;

  const EACH = 900;  // milliseconds
  const films = [...document.querySelectorAll(".one-film")];
  const frames = document.querySelectorAll("[data-frame]");
  const dots = document.querySelectorAll("[data-moment]");
  const { film: choice, moment: slider, play, said } = form.elements;
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

  const choose = (which) => {
    films.forEach((film, at) => { film.hidden = at !== which; });
    choice.selectedIndex = which;
  };

  const nameOf = (film) => film.querySelector("h2").id;

  /* The film that the address names, else the first. */
  const chooseByAddress = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const which = films.findIndex((film) => nameOf(film) === name);
    if (which >= 0 || !name) choose(Math.max(0, which));
  };

  choice.append(...films.map((film) =>
    Object.assign(document.createElement("option"), { textContent: film.dataset.name })));
  choice.addEventListener("change", () => {
    choose(choice.selectedIndex);
    history.replaceState(null, "", `#${nameOf(films[choice.selectedIndex])}`);
  });
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  play.addEventListener("click", () => timer ? stop() : start());
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", chooseByAddress);
  form.hidden = false;
  choose(0);
  chooseByAddress();
  show(Number(slider.value));
})();
