"""Which encoding a text is in."""

import pytest

from builder.corpora.decoding import Decoded, decode

FRENCH = ("Le gar\u00e7on a mang\u00e9 tr\u00e8s vite "
          "\u00e0 la for\u00eat, o\u00f9 l'\u00e9t\u00e9 finit.\n" * 50)
RUSSIAN = ("\u041f\u0440\u0438\u0432\u0435\u0442, \u043a\u0430\u043a \u0434\u0435\u043b\u0430? "
           "\u042d\u0442\u043e \u0442\u0435\u043a\u0441\u0442.\n" * 100)
HEBREW = ("\u05d1\u05e8\u05d0\u05e9\u05d9\u05ea \u05d1\u05e8\u05d0 "
          "\u05d0\u05dc\u05d4\u05d9\u05dd.\n" * 50)
TURKISH = ("Pijamal\u0131 hasta ya\u011f\u0131z \u015fof\u00f6re g\u00fcvendi.\n" * 50)
ICELANDIC = ("K\u00e6mi n\u00fd \u00f6xi h\u00e9r, ykist \u00fej\u00f3fum n\u00fa "
             "b\u00e6\u00f0i v\u00edl og \u00e1drepa.\n" * 50)
GERMAN = "def f(x):\n    # gr\u00f6\u00dfe\n    return x\n" * 100
JAPANESE = ("\u543e\u8f29\u306f\u732b\u3067\u3042\u308b\u3002\u540d\u524d\u306f"
            "\u307e\u3060\u7121\u3044\u3002\n\u30cb\u30e3\u30fc\u3068\u6ce3\u3044\u3066"
            "\u3044\u305f\u4e8b\u3060\u3051\u306f\u8a18\u61b6\u3057\u3066\u3044\u308b\u3002\n" * 30)
CHINESE = "\u4eca\u5929\u5929\u6c14\u5f88\u597d\u3002\u6211\u4eec\u53bb\u516c\u56ed\u3002\n" * 100


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, "plain ASCII\n" * 20])
@pytest.mark.parametrize(("encoding", "certain"), [
    ("utf-8", True), ("utf-8-sig", True), ("utf-16", True), ("utf-32", True),
    ("utf-16-le", False), ("utf-16-be", False), ("utf-32-le", False), ("utf-32-be", False)])
def test_a_text_in_unicode_is_read(text, encoding, certain):
    found = decode(text.encode(encoding))
    assert isinstance(found, Decoded)
    assert (found.text, found.certain) == (text, certain)


@pytest.mark.parametrize(("text", "encoding"), [
    (FRENCH, "latin-1"), (FRENCH + "\u2026 \u201cx\u201d", "cp1252"), (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"), (CHINESE, "gb18030"), ("caf\u00e9", "latin-1"),
    (HEBREW, "cp1255"), (TURKISH, "cp1254"), (ICELANDIC, "cp1252"), (RUSSIAN, "iso8859-5"),
    (RUSSIAN, "cp866"), (FRENCH, "mac-roman"), (FRENCH, "cp850"), (GERMAN, "latin-1"),
    (GERMAN, "mac-roman"), (GERMAN, "cp437"), (JAPANESE, "shift-jis"), (JAPANESE, "euc-jp"),
    (JAPANESE, "iso2022-jp"), (HEBREW, "utf-16-be"), (JAPANESE, "utf-16-le"),
    ("abc", "utf-16-le")])
def test_a_text_in_another_encoding_is_guessed(text, encoding):
    found = decode(text.encode(encoding))
    assert isinstance(found, Decoded)
    assert (found.text, found.certain) == (text, False)
    assert decode(text.encode(encoding), encoding) == Decoded(text, encoding, True, 0)


@pytest.mark.parametrize(("content", "reason"), [
    (bytes(range(256)) * 40, "not text"), (b"\x89PNG\r\n\x1a\n\xff\xfe", "not text"),
    (FRENCH.encode() + b"\n\xff\xfe\x80" + FRENCH.encode(),
     "UTF-8 but for 3 places, the first at byte 3,201 in line 52")])
def test_what_is_no_text_says_why(content, reason):
    assert decode(content) == reason


def test_a_text_that_is_not_what_it_is_said_to_be():
    assert decode(b"a\nb\xff", "utf-8") == "not utf-8 at byte 3 in line 2"
    assert decode(b"a\xff", guess=False) == "not UTF-8 at byte 1"


def test_a_text_with_a_few_zeros_stays_what_it_is():
    text = "a\0b c\n" * 51
    assert decode(text.encode()) == Decoded(text, "utf-8", True, 0)
