/* One question at a time: an answer is marked when it is given, and the right ones are counted.
   #question-3 in the address begins with the third. */
"use strict";

(() => {
  const quiz = document.querySelector(".quiz");
  const questions = quiz ? [...quiz.querySelectorAll("form.question")] : [];
  if (!questions.length) return;

  const score = quiz.querySelector(".score");
  const next = quiz.querySelector("button[name=next]");
  const again = quiz.querySelector("button[name=again]");
  let now = 0;

  const isGiven = (one) => "given" in one.dataset;
  const isRight = (one) => one.dataset.given === one.dataset.answer;

  const count = () => {
    const given = questions.filter(isGiven);
    const right = `${given.filter(isRight).length} of ${given.length} correct`;
    const place = `Question ${now + 1} of ${questions.length}`;
    const isDone = given.length === questions.length;
    score.textContent = isDone ? `That was all: ${right}.`
      : given.length ? `${place} · ${right}` : place;
    again.hidden = !given.length;
    next.hidden = isDone || questions.length === 1;
  };

  const show = (which) => {
    now = which % questions.length;
    questions.forEach((one, at) => { one.hidden = at !== now; });
    next.textContent = isGiven(questions[now]) ? "Next question" : "Skip";
    count();
  };

  const mark = (label, right, taken) => {
    if (right) label.classList.add("right");
    else if (label.contains(taken)) label.classList.add("wrong");
    label.querySelector("input").disabled = true;
  };

  const answer = (one, taken) => {
    if (isGiven(one)) return;
    one.dataset.given = taken.value;
    one.querySelectorAll("label").forEach((label, index) => {
      mark(label, String(index) === one.dataset.answer, taken);
    });
    one.querySelector("details").open = true;
    next.textContent = "Next question";
    count();
  };

  const forget = (one) => {
    delete one.dataset.given;
    one.reset();
    one.querySelector("details").open = false;
    one.querySelectorAll("label").forEach((label) => {
      label.classList.remove("right", "wrong");
      label.querySelector("input").disabled = false;
    });
  };

  const goOn = (which) => {
    show(which);
    history.replaceState(null, "", `#${questions[now].id}`);
    questions[now].scrollIntoView({ block: "nearest" });
  };

  const byAddress = () => {
    const which = questions.findIndex((one) => `#${one.id}` === location.hash);
    show(Math.max(0, which));
  };

  questions.forEach((one) => {
    one.addEventListener("submit", (event) => event.preventDefault());
    one.addEventListener("change", (event) => answer(one, event.target));
  });
  next.addEventListener("click", () => goOn(now + 1));
  again.addEventListener("click", () => {
    questions.forEach(forget);
    goOn(0);
  });
  addEventListener("hashchange", byAddress);
  byAddress();
})();
