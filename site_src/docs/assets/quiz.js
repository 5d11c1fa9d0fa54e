/* Answers are marked when they are given, and the right ones are counted. */
"use strict";

(() => {
  const questions = [...document.querySelectorAll(".quiz form.question")];
  const score = document.querySelector(".quiz .score");
  if (!questions.length) return;

  const count = () => {
    const given = questions.filter((one) => "given" in one.dataset);
    const right = given.filter((one) => one.dataset.given === one.dataset.answer);
    score.textContent = `${right.length} right of ${given.length} answered, ` +
      `${questions.length} in all`;
  };

  const mark = (label, right, taken) => {
    if (right) label.classList.add("right");
    else if (label.contains(taken)) label.classList.add("wrong");
    label.querySelector("input").disabled = true;
  };

  const answer = (one, taken) => {
    if ("given" in one.dataset) return;
    one.dataset.given = taken.value;
    one.querySelectorAll("label").forEach((label, index) => {
      mark(label, String(index) === one.dataset.answer, taken);
    });
    one.querySelector("details").open = true;
    count();
  };

  questions.forEach((one) => {
    one.addEventListener("submit", (event) => event.preventDefault());
    one.addEventListener("change", (event) => answer(one, event.target));
  });
})();
