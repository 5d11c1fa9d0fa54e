"""The network in the browser: what it is asked by tests, and what a page shows of its answers."""

from __future__ import annotations

ANSWER = """async ([given, question]) => {
    const tool = galleryNetwork(galleryKernel);
    const { model, architecture } = await galleryTools.networkOf(given);
    const network = new tool.Network(model, architecture), run = question.hold ? "frozen" : "free";
    const parts = [...tool.answers(network, {known: {free: 0, frozen: 0}, ...question})];
    const all = (rows) => rows.flatMap((row) => Array.from(row));
    const free = parts.filter((part) => part.run === "free");
    const names = Object.keys(free[0].signals);
    return {values: all(free.map((part) => part.values)),
            bits: all(parts.filter((part) => part.run === run).map((part) => part.bits)),
            signals: names.map((name) => [name, all(free.map((part) => part.signals[name]))]),
            froms: parts.map((part) => [part.run, part.from]),
            next: Array.from(question.text, (_, at) => Array.from(tool.look(network, at)[run]))};
}"""
"""Reads a text with a network of its own, and puts the parts of the answer together."""


def wait_for(page, selector, words):
    page.wait_for_function("([selector, words]) => document.querySelector(selector).textContent"
                           ".includes(words)", arg=[selector, words])


def shown(page):
    """Return the probabilities beside the text, of the network as it is."""
    return [float(f) for f in page.locator(".expected .free .figure").all_inner_texts()]


def own_text(page):
    """Open the box for a text of one's own, and return it."""
    page.locator("[data-pick=type]").click()
    return page.locator("#type textarea")
