"""Personal data in a text, by kind: what has a check digit is held to it, what documentation uses passes. Pure.

Identity numbers: GB 11643-1999. Cards: Luhn (ISO/IEC 7812). Accounts: IBAN (ISO 13616), modulo 97. Reserved names and
addresses: RFC 2606, 5737 and 3849.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address

Spans = list[tuple[int, int]]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EMAIL = re.compile(
    r"(?<![\w.%+@-])([A-Za-z0-9][\w.%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24})(?![\w@-])", re.ASCII
)
_RESERVED = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost|local)(?:\.[a-z]{2,3})?$|"
    r"^(?:domain|company|yourcompany|yourdomain|mycompany|website|yourwebsite|abc|xyz|xxx|email|mail|university|"
    r"school|business|"
    r"organization|somewhere|sample|acme|placeholder|emailaddress|fake\w*|xx+)\.\w+$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:no-?reply|do-?not-?reply|info|support|sales|contact|admin|help|service|hr|office|press|jobs|careers?|"
    r"feedback|customer\w*|webmaster|postmaster|"
    r"marketing|billing|alerts?|notifications?|notify|news|newsletter|updates?|accounts?|orders?|booking|reservations?|"
    r"team|hello|enquir\w*|inquir\w*|recruit\w*|kefu|privacy|security|abuse|users?|username|"
    r"(?:your|my|some)[-._]?\w*|email|name|first\w*|example|sample|"
    r"test\w*|someone|somebody|anyone|abc\w{0,3}|xyz|foo|bar|alice|bob|(?:john|jane)[-._]?(?:doe|smith)?\d{0,3}|"
    r"j[-._]?(?:doe|smith)|zhangsan\d{0,3}|lisi\d{0,3}|wangwu|xiaoming\d{0,3}|git|x+)",
    re.IGNORECASE,
)
_RUN = re.compile(r"(?<![\w.])[+(（]?\d[\d ()（）.-]{5,28}[\dXx](?![\w])|(?<![\w.])\d{7,19}[Xx]?(?![\w])", re.ASCII)
_NO_PHONE = re.compile(
    r"(?:order|isbn|issn|serial|invoice|ticket|tracking|account|version|ref(?:erence)?|no\.|number:? #|#|id|sku|"
    r"model|part|订单|单号|编号|序号|流水|运单|快递|车次|版本|货号|批次|学号|工号|"
    r"账号|账户|QQ|qq|群|call us(?: at| on)?|contact us(?: at| on)?|reach us (?:at|on)|our (?:office|store|hotline) at|"
    r"hotline|客服|热线|总机|前台|订票电话|服务电话|咨询电话)(?:\s?(?:no\.?|number|num|号码?|为|是|[:：#]))*\s*$",
    re.IGNORECASE,
)
_SUM_BEFORE = re.compile(r"(?:[\d=*/×÷^]\s*[-+−]?|[=(]\s*[-+−]|\d\s*\n\+?)\s*$")
_SUM_BEHIND = re.compile(r"\s?[-+*/=×÷^]\s?\d")
_MOBILE = re.compile(r"(?:\+?86[ -]?|0086[ -]?)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})")
_LANDLINE = re.compile(r"(?:[(（]0\d{2,3}[)）][ -]?|(?:\+86[ -]?)?0\d{2,3}[ -])[2-8]\d{2,3}[ -]?\d{4}")
_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?(?:\(([2-9]\d{2})\) ?|([2-9]\d{2})[ .-])([2-9]\d{2})[ .-]\d{4}")
_ABROAD = re.compile(r"\+[1-9]\d{0,2}[ .-]?(?:\(?\d{1,4}\)?[ .-]?){2,5}\d")
_FREE = _set("800 888 877 866 855 844 833 900 555 400")
_NOBODYS = _set(
    """
    13800138000 13812345678 13912345678 13888888888 13900000000 18888888888 13700000000 15012345678
    13811112222 13600000000 13566668888 18812345678 15888888888 13511112222
    """
)
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD = re.compile(
    r"(?:4\d{15}(?:\d{3})?|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|"
    r"2720)\d{12}|3[47]\d{13}|6(?:011|5\d{2})\d{12}|62\d{14,17})"
)
_TEST_CARDS = _set(
    """
    4111111111111111 4242424242424242 5555555555554444 5105105105105100 378282246310005 371449635398431
    6011111111111117 6011000990139424 4012888888881881 4000056655665556 4222222222222
    """
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?![A-Za-z0-9])")
_LENGTHS = {
    each[:2]: int(each[2:])
    for each in _set(
        """
        GB22 DE22 FR27 ES24 IT27 NL18 BE16 CH21 AT20 PL28 PT25 SE24 DK18 NO15 FI18 IE22 LU20 GR27 CZ24 TR26
        SA24 AE23
        """
    )
}
_SAMPLE_IBANS = _set(
    """
    GB82WEST12345698765432 DE89370400440532013000 FR1420041010050500013M02606 ES9121000418450200051332
    NL91ABNA0417164300 CH9300762011623852957 GB29NWBK60161331926819 GB33BUKB20201555555555
    """
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]{1,4}:[0-9a-fA-F:]{3,35}(?![\w:.])")
_VERSION = re.compile(
    r"(?:version|ver\.?|v|release|build|section|chapter|clause|版本|版|章|节|条|固件|"
    r"驱动)\s?[:：]?\s?$",
    re.IGNORECASE,
)
_SERVERS = _set("8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 9.9.9.9 114.114.114.114 223.5.5.5 1.2.3.4 119.29.29.29 208.67.222.222")
_KEY = re.compile(
    r"(?<![\w-])(?:sk-[A-Za-z0-9_-]{20,200}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,90}|"
    r"xox[abprs]-[A-Za-z0-9-]{20,80}|AIza[\w-]{35}|"
    r"hf_[A-Za-z]{30,40}|LTAI[A-Za-z0-9]{16,24}|AKID[A-Za-z0-9]{28,36}|glpat-[\w-]{20}|"
    r"eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,1000})(?![\w-])"
    r"|-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s*[A-Za-z0-9+/=]{20}",
    re.ASCII,
)
_KEYS = ("sk-", "AKI", "_", "xox", "AIza", "LTAI", "glpat-", "eyJ", "PRIVATE KEY")
_SAMPLE_KEY = re.compile(
    r"example|your|x{4}|1234567|abcdefg|test|sample|placeholder|dummy|secret|\.{3}|\*{3}|"
    r"SflKxwRJSMeKKF2QT4",
    re.IGNORECASE,
)


def found_in(text: str) -> dict[str, Spans]:
    """Code -> the places, in order, of everything in the text that looks like a real person's or account's."""
    found: dict[str, Spans] = {}
    for code, start, end in _found(text):
        found.setdefault(code, []).append((start, end))
    return found


def may_hold_key(text: str) -> bool:
    """A cheap test for the beginnings that keys of services have."""
    return any(map(text.__contains__, _KEYS))


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    if "@" in text:
        for mail in _EMAIL.finditer(text):
            if not _NOBODY.fullmatch(mail[1]) and not _RESERVED.search(mail[2]):
                yield "email_address", mail.start(), mail.end()
    for run in _RUN.finditer(text):
        before = text[max(0, run.start() - 16) : run.start()]
        if _SUM_BEFORE.search(before) or _SUM_BEHIND.match(text, run.end(), run.end() + 4):
            continue
        code = _kind(run[0], before)
        if code:
            yield code, run.start(), run.end()
    yield from _accounts(text)
    yield from _addresses(text)
    for key in _KEY.finditer(text) if may_hold_key(text) else ():
        if not _SAMPLE_KEY.search(key[0]) and len(set(key[0])) > 10:
            yield "secret_key", key.start(), key.end()


def _kind(run: str, before: str) -> str:
    """What a run of digits is, "" for nothing that we know."""
    digits = re.sub(r"\D", "", run)
    bare = re.sub(r"[ -]", "", run)
    if _IDENTITY.fullmatch(bare):
        return "identity_number" if _identity_right(bare.upper()) else ""
    if _CARD.fullmatch(bare):
        return (
            "card_number"
            if _luhn(bare) and bare not in _TEST_CARDS and len(set(bare)) > 3 and not _NO_PHONE.search(before)
            else ""
        )
    return "phone_number" if _phone(run, digits) and not _NO_PHONE.search(before) else ""


def _phone(run: str, digits: str) -> bool:
    if _MOBILE.fullmatch(run):
        return (
            digits[-11:] not in _NOBODYS and len(set(digits[-8:])) > 2 and digits[-8:] not in ("12345678", "87654321")
        )
    if _LANDLINE.fullmatch(run):
        return (
            digits[-8:] not in ("12345678", "88888888", "87654321")
            and len(set(digits[-7:])) > 2
            and digits[-7:] != "1234567"
        )
    american = _AMERICAN.fullmatch(run)
    if american:
        area = american[1] or american[2]
        return area not in _FREE and american[3] != "555" and digits[-10:] != "2345678901" and len(set(digits[-7:])) > 2
    if _ABROAD.fullmatch(run) and not digits.startswith(("1", "86")):
        return 9 <= len(digits) <= 15 and len(set(digits[-6:])) > 2 and "123456" not in digits
    return False


def _identity_right(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return "10X98765432"[total % 11] == number[17]


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _accounts(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _IBAN.finditer(text):
        number = found[1].replace(" ", "")
        if len(number) != _LENGTHS.get(number[:2]) or number in _SAMPLE_IBANS:
            continue
        if int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1:
            yield "bank_account", found.start(), found.end()


def _addresses(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _IPV4.finditer(text):
        if _VERSION.search(text[max(0, found.start() - 12) : found.start()]) or found[0] in _SERVERS:
            continue
        try:
            address = IPv4Address(found[0])
        except AddressValueError:
            continue
        # Four small numbers are a section or a version far more often than a host.
        if address.is_global and not address.is_multicast and any(part > 30 for part in address.packed[1:]):
            yield "ip_address", found.start(), found.end()
    for found in _IPV6.finditer(text) if ":" in text else ():
        try:
            six = IPv6Address(found[0])
        except AddressValueError:
            continue
        if six.is_global and found[0].count(":") > 2 and len(set(found[0])) > 5:
            yield "ip_address", found.start(), found.end()
