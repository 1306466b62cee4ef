from __future__ import annotations

import json
import unicodedata

import pytest

from coopsim.printable import for_spreadsheet, one_line, printable, printable_json

HIDDEN = {
    "escape": "\x1b",
    "bell": "\x07",
    "carriage return": "\r",
    "tab": "\t",
    "backspace": "\b",
    "form feed": "\f",
    "null": "\0",
    "delete": "\x7f",
    "C1 control sequence introducer": "\x9b",
    "C1 operating system command": "\x9d",
    "next line": "\x85",
    "right-to-left override": "\u202e",
    "right-to-left isolate": "\u2067",
    "Arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "soft hyphen": "\xad",
    "line separator": "\u2028",
    "variation selector": "\ufe0f",
    "variation selector of the supplement": "\U000e0101",
    "tag": "\U000e0041",
    "Hangul filler": "\u3164",
    "private use": "\ue000",
    "lone surrogate": "\udcff",
    "unassigned": "\u0378",
}


@pytest.mark.parametrize("sign", HIDDEN.values(), ids=HIDDEN)
def test_what_cannot_be_seen_is_replaced(sign: str) -> None:
    assert printable(f"a{sign}b") == "a\ufffdb"


def test_what_can_be_seen_stays() -> None:
    text = "Проект «Мир» — 中文, naïve café ± 3\u00a0%\u2009[red]\n“”…\u0301 \U0001f680"
    assert printable(text) == text


def test_no_sign_of_any_kind_gets_through() -> None:
    every = printable("".join(map(chr, [*range(0x20000), *range(0xE0000, 0xE1000)])))
    kinds = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    assert [sign for sign in every if unicodedata.category(sign) in kinds] == ["\n"]


def test_one_line_is_one() -> None:
    assert one_line("a\nb\r\nc\x1b[2Jd\u2028e") == "a b c\ufffd[2Jd e"


def test_json_says_the_same_in_signs_that_can_be_seen() -> None:
    tree = {"a": "".join(HIDDEN.values()) + "中文 \U0001f680"}
    text = printable_json(json.dumps(tree, ensure_ascii=False))
    assert printable(text) == text
    assert json.loads(text) == tree
    assert printable_json('"\U000e0041\x9b"') == '"\\udb40\\udc41\\u009b"'


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\uff1d"])
def test_a_spreadsheet_gets_no_formula(first: str) -> None:
    assert for_spreadsheet(f'{first}HYPERLINK("x")') == f'\'{first}HYPERLINK("x")'
    assert for_spreadsheet(f"a{first}b") == f"a{first}b"


def test_a_spreadsheet_gets_no_control_signs() -> None:
    assert for_spreadsheet("\t=1") == "'\ufffd=1"
    assert for_spreadsheet("\r=1") == "'\ufffd=1"
