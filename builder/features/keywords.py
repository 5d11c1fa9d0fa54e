"""Words that a language keeps for itself."""

from __future__ import annotations

import keyword

_C = """
auto break case char const continue default do double else enum extern float for goto if inline int
long register restrict return short signed sizeof static struct switch typedef union unsigned void
volatile while bool true false nullptr alignas alignof constexpr typeof static_assert thread_local
_Bool _Static_assert
"""
_CPP = """
and asm bitand bitor catch char8_t char16_t char32_t class compl concept consteval constinit
const_cast co_await co_return co_yield decltype delete dynamic_cast explicit export friend mutable
namespace new noexcept not operator or override private protected public reinterpret_cast requires
static_cast template this throw try typeid typename using virtual wchar_t xor
"""

KEYWORDS: dict[str, tuple[str, ...]] = {
    "python": tuple(keyword.kwlist),
    "c": tuple(_C.split()),
    "cpp": tuple((_C + _CPP).split()),
}
"""By language; those of other languages come from the lexer library."""
