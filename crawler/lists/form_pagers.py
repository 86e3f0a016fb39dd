"""How HTML lists lead from page to page where a click fills in a form and sends it, or calls a function. Pure.

gotopage(2) with a form, __doPostBack('ctl00$Pager','2') of ASP.NET, a button 下一页 that submits, goPage(2) of a script that
is not in the page beside a form with a field called page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit, urlunsplit

from lxml import etree

from crawler.extract.links import absolute
from crawler.lists.choices import CHOSEN
from crawler.lists.pagers import is_first, is_last, is_next, is_next_by_looks, number_of, pages_said
from crawler.lists.row_groups import text_of
from crawler.paging import FORM
from crawler.platforms.base import PageRequest
from crawler.scripts.calls import Effect, Functions, quoted_address

_CLICKABLE = ("a", "button", "input", "span", "li", "td", "img", "div")
_BUTTONS = frozenset({"submit", "image", "button"})
_NOT_SENT = frozenset({"submit", "image", "button", "reset", "file"})
# pageNo, currentPage, curPageNum, pager.offset … and not pageSize, totalPage
_PAGE_FIELD = re.compile(
    r"(?!.*(?:size|total|count|per|rows|max|pages)).*page.*|pn|p|cp|pno|(?:p_?)?curr(?:ent)?(?:_?(?:no|num|index))?",
    re.I,
)
POSTBACK = "__doPostBack"
_PAGE_OF_GRID = re.compile(r"Page\$(\d{1,5})")
_DISABLED = re.compile(r"(?:^|[-_ ])disabled?(?:$|[-_ ])", re.I)
_SENDS = re.compile(rf"{POSTBACK}|\bsubmit\s*\(")
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page of a list as it came, at which address, and for what. ``encoding``: its own, in which its forms are sent."""

    root: etree._Element
    url: str
    request: PageRequest
    encoding: str | None = None


def following(
    root: etree._Element, functions: Functions, url: str, request: PageRequest, encoding: str | None
) -> tuple[PageRequest | None, int | None]:
    """The page after the one at ``url`` as a click would ask for it, and the number of pages where it is said.

    ``encoding``: that of the page, in which its forms are sent.
    """
    page = ShownPage(root, url, request, encoding)
    clickable = (element for element in root.iter(*_CLICKABLE) if not is_disabled(element))
    clicks = [element for element in clickable if _acts(element) or functions.handles(element)]
    wanted = request.page + 1
    last = pages_said(root) or _last_called(clicks, functions)
    if last is not None and request.page >= last:
        return None, last
    shift = _shift(clicks, functions)
    for chosen in _next_first(clicks, functions, wanted):
        number = _number_called(chosen, functions)
        if shift is not None and number is not None and number - shift != wanted:
            continue  # 下一页 of the last page, which calls for that page itself
        asked = _asked(chosen, functions, page)
        if asked is not None and not _is_same(asked, request):
            return asked, last
    if (asked := _between_ends(clicks, functions, page)) is not None:
        return asked, last
    chosen_page, pages = _by_choice(functions, page)
    if chosen_page is None and last is not None:
        chosen_page = _by_jump(page)
    return chosen_page, last or pages


def _by_jump(page: ShownPage) -> PageRequest | None:
    """The next page of the one form that asks for the number of a page, and for nothing else, beside the page's own: 第[1]页 GO."""
    found = []
    for form in page.root.iter("form"):
        typed = [item for item in form.iter("input") if (item.get("type") or "text").lower() == "text"]
        name = typed[0].get("name") if len(typed) == 1 else None
        if name and _PAGE_FIELD.fullmatch(name) and typed[0].get("value") == str(page.request.page):
            found.append((form, name))
    if len(found) != 1:
        return None
    return _sent(found[0][0], [(found[0][1], str(page.request.page + 1))], page)


def _between_ends(clicks: list[etree._Element], functions: Functions, page: ShownPage) -> PageRequest | None:
    """The next page where only 首页 and 尾页 name theirs, to a function of another file: toPage(1), toNext(), toPage(5)."""
    called = [_called_at(is_end, clicks, functions) for is_end in (is_first, is_last)]
    if called[0] is None or called[1] is None:
        return None
    (name, first), (other, last) = called[0], called[1]
    wanted = page.request.page + first
    if name != other or name == POSTBACK or first not in (0, 1) or last < wanted:
        return None
    return _by_guess(Effect(unknown=(name, (wanted,))), page)


def _called_at(
    is_end: Callable[[etree._Element], bool], clicks: list[etree._Element], functions: Functions
) -> tuple[str, int] | None:
    """The function of another file that a click on one end of a pager calls, and the number that it is handed."""
    for element in clicks:
        effect = functions.effect(element) if is_end(element) else None
        number = _number_called(element, functions) if effect is not None else None
        if effect is not None and effect.unknown is not None and number is not None:
            return effect.unknown[0], number
    return None


def _by_choice(functions: Functions, page: ShownPage) -> tuple[PageRequest | None, int | None]:
    """The next page of a selection of pages, which is opened or sent with its form when another is chosen, and the number of pages.

    <select name="ddlPage" onchange="javascript:setTimeout('__doPostBack(\\'ddlPage\\',\\'\\')', 0)"><option selected>1</option>…
    <select onchange="location.href='/class/ALFJELKI/' + this.value"><option value="1" selected>1</option>…
    """
    for select in page.root.iter("select"):
        form = next(select.iterancestors("form"), None)
        name, code = select.get("name"), select.get("onchange") or ""
        options = list(select.iter("option"))
        shown = [text_of(option).strip("第页 ") for option in options]
        if shown != [str(n) for n in range(1, len(shown) + 1)]:
            continue
        here = [at for at, option in enumerate(options, 1) if option.get("selected") is not None]
        led = [absolute(page.url, option.get("value")) for option in options] if not here else []
        here = here or ([led.index(page.url) + 1] if page.url in led else [1])
        if here != [page.request.page] or not (_SENDS.search(code) or CHOSEN.search(code)):
            continue
        if page.request.page >= len(options):
            return None, len(options)
        value = options[page.request.page].get("value", shown[page.request.page])
        if not _SENDS.search(code):
            address = _opened_by(code, value, functions, page.url)
            if address is None:
                continue
            return _numbered(PageRequest(url=address), page.request), len(options)
        if form is None or not name:
            continue
        values = [(name, value)]
        if POSTBACK in code:
            values += [("__EVENTTARGET", name), ("__EVENTARGUMENT", "")]
        return _sent(form, values, page), len(options)
    return None, None


def _opened_by(code: str, value: str, functions: Functions, url: str) -> str | None:
    """The address that a selection's code opens when ``value`` is chosen."""
    effect = functions.effect_of(CHOSEN.sub(lambda _: json.dumps(value), code))
    return absolute(url, quoted_address(effect.address)) if effect and effect.address else None


def _acts(element: etree._Element) -> bool:
    if element.tag in ("input", "button"):
        kind = (element.get("type") or ("submit" if element.tag == "button" else "text")).lower()
        return kind in _BUTTONS
    return bool(element.get("onclick")) or (element.get("href") or "").strip().lower().startswith(
        "javascript:"
    )


def is_disabled(element: etree._Element) -> bool:
    """Whether an element is shown as one that does nothing now: 下一页 on the last page."""
    return element.get("disabled") is not None or bool(_DISABLED.search(element.get("class") or ""))


def _next_first(clicks: list[etree._Element], functions: Functions, wanted: int) -> Iterator[etree._Element]:
    """What may lead to the page ``wanted``: what says so, then its number, then an arrow."""
    yield from (element for element in clicks if is_next(element))
    yield from (element for element in clicks if number_of(element) == wanted)
    yield from (element for element in clicks if _page_of_grid(element, functions) == wanted)
    yield from _called_for(wanted, clicks, functions)
    yield from (element for element in clicks if is_next_by_looks(element))


def _page_of_grid(element: etree._Element, functions: Functions) -> int | None:
    """The page that a click on a GridView of ASP.NET asks for: ``__doPostBack('list','Page$2')``, also where it shows "..."."""
    found = (_PAGE_OF_GRID.fullmatch(value) for value in _handed_over(functions.effect(element)))
    return next((int(page[1]) for page in found if page is not None), None)


def _called_for(wanted: int, clicks: list[etree._Element], functions: Functions) -> Iterator[etree._Element]:
    """What calls for a page as a number of the pager does for its own, whatever it shows: "..." or 后10页 behind 1 2 … 10."""
    numbered = next(_counted(clicks, functions), None)
    if numbered is None:
        return
    example, shift = numbered
    kind = _kind(functions.effect(example))
    for element in clicks:
        if is_first(element) or is_last(element):
            continue  # 尾页 of a site that counts from 0 may call for the count
        called = _number_called(element, functions)
        if called is not None and called - shift == wanted and _kind(functions.effect(element)) == kind:
            yield element


def _kind(effect: Effect | None) -> tuple[object, ...]:
    """What is done, whatever it is done with: the fields that are set, or the function and how much it is handed."""
    if effect is None or effect.unknown is None:
        return () if effect is None else (effect.form, *sorted(effect.values))
    name, given = effect.unknown
    return name, len(given), *(one for one in given if not str(one).isdecimal())


def _handed_over(effect: Effect | None) -> list[str]:
    """What a click puts into fields, or gives to a function that the page does not define."""
    if effect is None:
        return []
    return [*effect.values.values(), *(map(str, effect.unknown[1]) if effect.unknown else ())]


def _is_same(asked: PageRequest, request: PageRequest) -> bool:
    return (asked.url, asked.method, asked.body) == (request.url, request.method, request.body)


def _number_called(element: etree._Element, functions: Functions) -> int | None:
    """The one number that a click hands over: gotopage(2); None where there is none, or several."""
    numbers = [int(value) for value in _handed_over(functions.effect(element)) if value.isdecimal()]
    return numbers[0] if len(numbers) == 1 else None


def _counted(clicks: list[etree._Element], functions: Functions) -> Iterator[tuple[etree._Element, int]]:
    """The numbers of a pager, each with what must be added to it to call for its page: -1 where the site counts from 0."""
    for element in clicks:
        shown = number_of(element)
        called = _number_called(element, functions) if shown is not None else None
        if shown is not None and called is not None:
            yield element, called - shown


def _shift(clicks: list[etree._Element], functions: Functions) -> int | None:
    """What must be added to a page's number to call for it; None where no number tells."""
    return next((shift for _, shift in _counted(clicks, functions)), None)


def _last_called(clicks: list[etree._Element], functions: Functions) -> int | None:
    """The page that 尾页 asks for, where its call holds one number."""
    element = next((element for element in clicks if is_last(element)), None)
    called = _number_called(element, functions) if element is not None else None
    if element is None or called is None:
        return None
    # end() gives what the page's fields hold, where its branches are not told apart.
    effect = functions.effect(element)
    stated = str(called) in f"{element.get('onclick')} {element.get('href')}"
    if not stated and (effect is None or not effect.told_apart):
        return None
    return called - (_shift(clicks, functions) or 0)


def _asked(element: etree._Element, functions: Functions, page: ShownPage) -> PageRequest | None:
    """What a click on an element of a pager asks for."""
    effect = functions.effect(element)
    if effect is None:
        form = next(element.iterancestors("form"), None)
        kind = (element.get("type") or "submit").lower()
        if form is None or element.tag not in ("input", "button") or kind not in ("submit", "image"):
            return None
        return _sent(form, _pressed(element), page)
    if effect.address is not None:
        address = absolute(page.url, quoted_address(effect.address))
        return _numbered(PageRequest(url=address), page.request) if address is not None else None
    if effect.unknown is not None:
        return _by_guess(effect, page)
    return sent_by(effect, page)


def _pressed(button: etree._Element) -> Fields:
    """What a form sends of the button that sends it; of a picture where it was clicked."""
    own = button.get("name")
    if (button.get("type") or "").lower() == "image":
        return [(f"{own}.{side}" if own else side, "1") for side in ("x", "y")]
    return [(own, button.get("value") or "")] if own else []


def sent_by(effect: Effect, page: ShownPage) -> PageRequest | None:
    """The request for the next page of a function that fills in a form of the page and sends it; None where it sends none."""
    form = _form_of(effect, page.root)
    if form is None:
        return None
    return _sent(form, _named(form, effect), page, effect.action)


def _by_guess(effect: Effect, page: ShownPage) -> PageRequest | None:
    """A function that the page does not define: ASP.NET's own, or a number for the one form with a field for it."""
    name, arguments = effect.unknown or ("", ())
    if name == POSTBACK:
        form = next(
            (
                f
                for f in page.root.iter("form")
                if any(i.get("name") == "__VIEWSTATE" for i in f.iter("input"))
            ),
            None,
        )
        target, argument = (*map(str, arguments), "", "")[:2]
        values = [("__EVENTTARGET", target), ("__EVENTARGUMENT", argument)]
        return _sent(form, values, page) if form is not None else None
    numbers = [int(argument) for argument in arguments if str(argument).isdecimal()]
    if len(numbers) > 1 and page.request.page + 1 in numbers:
        numbers = [page.request.page + 1]  # GoPage('TAB', 2, 15): beside the number of pages
    fields = [
        (form, own)
        for form in page.root.iter("form")
        for item in form.iter("input")
        if (own := item.get("name"))
        and _PAGE_FIELD.fullmatch(own)
        and (item.get("type") or "text").lower() in ("hidden", "text")
    ]
    if len(numbers) != 1 or len(fields) != 1:
        return None
    return _sent(fields[0][0], [(fields[0][1], str(numbers[0]))], page)


def _form_of(effect: Effect, root: etree._Element) -> etree._Element | None:
    """The form that an effect sends: by name, by number, by the fields it sets, the only one."""
    forms = list(root.iter("form"))
    for form in forms:
        if effect.form and effect.form in (form.get("name"), form.get("id")):
            return form
    if effect.form and effect.form.isdecimal() and int(effect.form) < len(forms):
        return forms[int(effect.form)]
    for form in forms:
        if any(
            {item.get("name"), item.get("id")} & set(effect.values) for item in form.iter("input", "select")
        ):
            return form
    return forms[0] if len(forms) == 1 and effect.form is not None else None


def _named(form: etree._Element, effect: Effect) -> Fields:
    """The values that an effect sets, by the names under which they are sent."""
    by_id = {
        item.get("id"): item.get("name")
        for item in form.iter("input", "select", "textarea")
        if item.get("name")
    }
    return [(by_id.get(name) or name, value) for name, value in effect.values.items()]


def fields_of(form: etree._Element) -> Fields:
    """What a form sends as it stands, the buttons left out."""
    found: Fields = []
    for item in form.iter("input", "select", "textarea"):
        name = item.get("name")
        if not name or item.get("disabled") is not None:
            continue
        if item.tag == "select":
            options = list(item.iter("option"))
            chosen = next(
                (o for o in options if o.get("selected") is not None), options[0] if options else None
            )
            if chosen is not None:
                found.append((name, chosen.get("value", text_of(chosen))))
        elif item.tag == "textarea":
            found.append((name, text_of(item)))
        else:
            kind = (item.get("type") or "text").lower()
            if kind in _NOT_SENT or (kind in ("checkbox", "radio") and item.get("checked") is None):
                continue
            found.append((name, item.get("value") or ("on" if kind in ("checkbox", "radio") else "")))
    return found


def _sent(
    form: etree._Element, values: Fields, page: ShownPage, action: str | None = None
) -> PageRequest | None:
    """The request that a form makes with some of its values replaced."""
    replaced = dict(values)
    sent = [(name, replaced.pop(name, value)) for name, value in fields_of(form)]
    sent += replaced.items()
    target = action or form.get("action") or ""
    address = absolute(page.url, target) if target.strip() and target.strip() != "#" else page.request.url
    if address is None:
        return None
    charset = (form.get("accept-charset") or page.encoding or "utf-8").split()[0]
    try:
        query = urlencode(sent, encoding=charset, errors="xmlcharrefreplace")
    except LookupError:
        query = urlencode(sent)
    if (form.get("method") or "get").lower() == "post":
        made = PageRequest(url=address, method="POST", body=query.encode(), headers={"Content-Type": FORM})
    else:
        parts = urlsplit(address)
        made = PageRequest(url=urlunsplit((parts.scheme, parts.netloc, parts.path, query, "")))
    return _numbered(made, page.request)


def _numbered(made: PageRequest, request: PageRequest) -> PageRequest:
    return replace(made, chain=request.chain, page=request.page + 1, state=request.state)
