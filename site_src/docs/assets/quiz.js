/* Answers are marked when they are given, and the right ones are counted. */
(function () {
  "use strict";

  var questions = Array.from(document.querySelectorAll(".quiz form.question"));
  var score = document.querySelector(".quiz .score");
  if (!questions.length) return;

  function count() {
    var given = questions.filter(function (one) { return "given" in one.dataset; });
    var right = given.filter(function (one) { return one.dataset.given === one.dataset.answer; });
    score.textContent = right.length + " right of " + given.length + " answered, " +
      questions.length + " in all";
  }

  questions.forEach(function (one) {
    one.addEventListener("submit", function (event) { event.preventDefault(); });
    one.addEventListener("change", function (event) {
      if ("given" in one.dataset) return;
      one.dataset.given = event.target.value;
      one.querySelectorAll("label").forEach(function (label, index) {
        var right = String(index) === one.dataset.answer;
        if (right) label.classList.add("right");
        else if (label.contains(event.target)) label.classList.add("wrong");
        label.querySelector("input").disabled = true;
      });
      one.querySelector("details").open = true;
      count();
    });
  });
})();
