"""Words, sentences and quotation marks of the world."""

import unicodedata

import pytest

from builder.features import check_feature, features_for, label

SCRIPTS = [
    ("e\u0301te\u0301 vu", "word_position",
     "12345012"),
    ("e\u0301te\u0301 vu", "is_punctuation",
     "00000000"),
    ("E\u0301te\u0301 vu", "in_capitalised",
     "11111000"),
    ("e\u0301te\u0301 vu", "word_of_sentence",
     "11111122"),
    ("l\u2019\u00e9t\u00e9 don\u2019t 3.14", "word_position",
     "1234501234501234"),
    ("\u0939\u093f\u0928\u094d\u0926\u0940 \u092e"
     "\u0947\u0902\u0964 \u0935\u0939 \u0939\u0948\u0964", "word_position",
     "123456012300120120"),
    ("\u0939\u093f\u0928\u094d\u0926\u0940 \u092e"
     "\u0947\u0902\u0964 \u0935\u0939 \u0939\u0948\u0964", "is_punctuation",
     "000000000010000001"),
    ("\u0939\u093f\u0928\u094d\u0926\u0940 \u092e"
     "\u0947\u0902\u0964 \u0935\u0939 \u0939\u0948\u0964", "in_first_word",
     "111111000000110000"),
    ("\u0939\u093f\u0928\u094d\u0926\u0940 \u092e"
     "\u0947\u0902\u0964 \u0935\u0939 \u0939\u0948\u0964", "word_of_sentence",
     "111111122222111222"),
    ("\u0645\u064e\u0631\u062d\u0628\u0627 "
     "\u0643\u064a\u0641\u061f \u0646\u0639\u0645.", "word_position",
     "1234560123001230"),
    ("\u0645\u064e\u0631\u062d\u0628\u0627 "
     "\u0643\u064a\u0641\u061f \u0646\u0639\u0645.", "is_punctuation",
     "0000000000100001"),
    ("\u0645\u064e\u0631\u062d\u0628\u0627 "
     "\u0643\u064a\u0641\u061f \u0646\u0639\u0645.", "in_first_word",
     "1111110000001110"),
    ("\u0645\u064e\u0631\u062d\u0628\u0627 "
     "\u0643\u064a\u0641\u061f \u0646\u0639\u0645.", "word_of_sentence",
     "1111111222221111"),
    ("\u0645\u06cc\u200c\u0631\u0648\u0645", "word_position",
     "123456"),
    ("\u0645\u06cc\u200c\u0631\u0648\u0645", "is_punctuation",
     "000000"),
    ("\u06cc\u06c1 \u06c1\u06d2\u06d4 \u0648\u06c1", "in_first_word",
     "110000011"),
    ("\u06cc\u06c1 \u06c1\u06d2\u06d4 \u0648\u06c1", "word_of_sentence",
     "111222211"),
    ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u05dc\u05da. \u05db\u05df", "word_position",
     "12345670120012"),
    ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u05dc\u05da. \u05db\u05df", "is_punctuation",
     "00000000001000"),
    ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u05dc\u05da. \u05db\u05df", "in_first_word",
     "11111110000011"),
    ("\u0e19\u0e49\u0e33\u0e14\u0e35 \u0e46 \u0e21\u0e32\u0e01", "word_position",
     "12345010123"),
    ("\u0e19\u0e49\u0e33\u0e14\u0e35 \u0e46 \u0e21\u0e32\u0e01", "is_punctuation",
     "00000000000"),
    ("\u4eca\u5929\u597d\u3002\u660e\u5929\u89c1\uff01\u662f\u5417\uff1f", "in_first_word",
     "1??01??01?0"),
    ("\u4eca\u5929\u597d\u3002\u660e\u5929\u89c1\uff01\u662f\u5417\uff1f", "word_of_sentence",
     "1???1???1??"),
    ("\u4ed6\u8bf4\uff1a\u300c\u597d\u3002\u300d\u4ed6\u8d70\u4e86\u3002", "word_of_sentence",
     "1??????1???"),
    ("\u00abOui.\u00bb Non.", "in_first_word",
     "01110001110"),
    ("\u00abOui.\u00bb Non.", "word_of_sentence",
     "01111111111"),
]

QUOTATIONS = [
    ("Er sagte \u201eja\u201c und ging.", "in_quotes",
     "00000000011100000000000"),
    ("il dit \u00aboui\u00bb et", "in_quotes",
     "000000011110000"),
    ("il dit \u00ab\u202foui\u202f\u00bb et", "in_quotes",
     "00000001111110000"),
    ("er rief \u00bbja\u00ab und", "in_quotes",
     "0000000011100000"),
    ("hon sa \u201dja\u201d och", "in_quotes",
     "000000011100000"),
    ("\u4ed6\u8bf4\u300c\u597d\u300e\u662f\u300f\u5417\u300d\u4e86", "in_quotes",
     "0011111100"),
    ("\u201ehan \u201aso\u2018 da\u201c x", "in_quotes",
     "111111111111000"),
    ("\u2018I don\u2019t,\u2019 she", "in_quotes",
     "11111111100000"),
    ("Er sagt \u201eja\" und", "in_quotes",
     "0000000011100000"),
    ("\u201cone \u2018two\u2019 it\u2019s\u201d no", "in_quotes",
     "1111111111111110000"),
    ("don't 'go' it's", "in_quotes",
     "000000000000000"),
    ("a \u2039b\u203a c", "in_quotes",
     "0011000"),
    ("a \u201cb\u201d c", "in_quotes",
     "0011000"),
    ("He: \"no\" so", "in_quotes",
     "00001110000"),
]

MORE = [
    ("\u043f'\u044f\u0442\u044c \u0439", "word_position", "1234501"),  # Ukrainian
    ("\u05e6\u05d4\"\u05dc \u05d6", "word_position", "123401"),  # Hebrew, with gershayim
    ("\u05e6\u05d4\"\u05dc \u05d6", "in_quotes", "000000"),
    ("\u0531\u0532\u0589 \u0533", "in_first_word", "11001"),  # Armenian
    ("\u1200\u1201\u1362\u1202", "in_first_word", "1101"),  # Ethiopic, no blank
    ("\u3042\u3002\u30ab\u30ca\u3002", "in_first_word", "10110"),  # Japanese
    ("\u0baa\u0bbf\u0bb1\u0bc1 \u0ba8", "word_position", "123401"),  # Tamil
    ("\u1019\u103c\u1014\u103a \u1019", "word_position", "123401"),  # Burmese
    ("a\u00adb c", "word_position", "12301"),  # soft hyphen
    ("A\u0301B\u0301C\u0301", "in_upper_run", "000010"),
    ("don't", "word_position", "12301"),  # as texts of ASCII were always read
    ("e.g. a:b", "word_position", "10100101"),
    ("a\u202fb \uff3fc", "word_position", "101012"),
    ("1,000.5", "word_position", "1234567"),
    ("\u00aba \u00abb\u00bb c\u00bb d", "in_quotes", "11111111000"),
    ("\u00aba\n\u00abb\u00bb c", "in_quotes", "11111000"),
    ("\u00bba \u203ab\u2039 c\u00ab d", "in_quotes", "11111111000"),
    ("\u300ca\u300cb\u300dc\u300dd", "in_quotes", "11111100"),
    ("\u201ea\u201d b", "in_quotes", "11000"),  # Polish
    ("\u201a\u2019", "in_quotes", "10"),
    ("\u201ca\r\n\r\nb", "in_quotes", "1111100"),
    ("\u201ca\n\nb.\u201d c", "in_quotes", "111000000"),
    ("\u201ca\n\u201cb\u201d c", "in_quotes", "11111000"),
    ("a \u2019tis b", "in_quotes", "00000000"),
    ("\u300eb\u300f \uff02c\uff02", "in_quotes", "1100110"),
    ("\u05f4\u05db\u05df\u05f4 \u05e6\u05d4\u05f4\u05dc", "in_quotes", "111000000"),
    ("\u275da\u275e b", "in_quotes", "11000"),
    ("\u03a4\u03b9; \u039d\u03b1\u03b9.", "in_first_word", "11001110"),  # Greek asks with ;
    ("\u03a4\u03b9\u037e \u03b1; b", "in_first_word", "11001001"),
    ("\u00e9 a; b", "in_first_word", "100000"),
    ("6'2\" a \"b\" c", "in_quotes", "000000011000"),  # inches
    ("he \"is 6\" so", "in_quotes", "000111110000"),
]


def labels_of(feature, text):
    found = label(text, "prose", features_for("prose", [feature])).values[:, 0]
    return "".join(str(int(value)) for value in found)


@pytest.mark.parametrize(("text", "feature", "labels"), SCRIPTS + QUOTATIONS + MORE)
def test_a_text_of_another_script(text, feature, labels):
    found = labels_of(feature, text)
    assert len(found) == len(labels)
    assert all(wanted in (one, "?") for one, wanted in zip(found, labels, strict=True)), found


@pytest.mark.parametrize("feature", features_for("prose"), ids=lambda f: f.spec.id)
def test_no_feature_of_prose_looks_too_far_ahead_in_any_script(feature):
    texts = [text for text, _, _ in SCRIPTS + QUOTATIONS + MORE]
    check_feature(feature, "prose", texts)


@pytest.mark.parametrize("feature", [
    "is_upper", "is_digit", "is_space", "is_punctuation", "in_quotes", "in_first_word",
    "word_of_sentence", "word_of_line", "in_capitalised", "in_upper_run", "word_part"])
def test_composed_and_decomposed_letters_have_the_same_labels(feature):
    text = "\u00c9T\u00c9 d\u2019\u00e9t\u00e9. \u00ab\u00c0 Paris\u00bb, \u00e7a va? \u1e69_\u00e9"
    composed = unicodedata.normalize("NFC", text)
    apart = unicodedata.normalize("NFD", text)
    bases = [label_ for c, label_ in zip(apart, labels_of(feature, apart), strict=True)
             if not unicodedata.combining(c)]
    assert "".join(bases) == labels_of(feature, composed)


@pytest.mark.parametrize("text", ["\u201c", "\u0301", "\u200d\u200d", "\u00a0", "\ufeff", "\u0e01"])
def test_a_mark_alone_gets_labels(text):
    assert label(text, "prose", features_for("prose")).values.shape[0] == len(text)
