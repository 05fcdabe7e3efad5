"""Owns a person's browser in the walk: cookies, redirects, forms. Must never speak to anything but the front door and the sign-in page.

Names ending in `.localhost` are reached at 127.0.0.1, as browsers do (RFC 6761, section 6.3); not every resolver does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx


class WalkFailed(Exception):
    """A step of the walk did not come out as it must; the text names what was seen instead."""


@dataclass
class Form:
    """A form on a page: where it goes and the values that it carries already."""

    action: str
    method: str = "get"
    values: dict[str, str | list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Collects the forms of a page, with hidden, checked and chosen values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif self.forms and tag == "input":
            self._take_input(given)
        elif self.forms and tag == "select":
            self._select = given.get("name", "")
        elif self.forms and tag == "option" and "selected" in given:
            self._put(self._select, given.get("value", ""))
        elif self.forms and tag == "button" and given.get("name"):
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))

    def _take_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if not given.get("name") or kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in given):
            return
        self._put(given["name"], given.get("value", ""))

    def _put(self, name: str, value: str) -> None:
        values = self.forms[-1].values
        before = values.get(name)
        if before is None:
            values[name] = value
        else:
            values[name] = [*(before if isinstance(before, list) else [before]), value]


class LocalNames(httpx.BaseTransport):
    """Reaches `*.localhost` at 127.0.0.1 and keeps the name in the Host header."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the loopback address, under its own name."""
        where = request.url
        if where.host == "localhost" or where.host.endswith(".localhost"):
            where = where.copy_with(host="127.0.0.1")
        # a request of its own: the client files cookies under the address of the one it made
        sent = httpx.Request(
            request.method, where, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        return self._inner.handle_request(sent)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._inner.close()


@dataclass(kw_only=True)
class Browser:
    """One person's browser.

    Args:
        person: the name to choose on the sign-in page, as person id.
        origin: the portal's origin.
    """

    person: str
    origin: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        """Open the browser with no cookies."""
        self.client = httpx.Client(transport=LocalNames(), follow_redirects=True, timeout=30, trust_env=False)

    def get(self, where: str, *, expect: int = 200) -> httpx.Response:
        """Open a page; `where` is a path on the portal or a whole address.

        Raises:
            WalkFailed: the status is not `expect`.
        """
        answer = self.client.get(urljoin(self.origin, where))
        return _expected(answer, expect)

    def submit(
        self,
        page: httpx.Response,
        action: str,
        values: Mapping[str, Any] | None = None,
        *,
        files: Any = None,
        expect: int = 200,
    ) -> httpx.Response:
        """Fill in the form on `page` whose action ends with `action`, and send it; a value of None leaves a field out."""
        form = form_on(page, action)
        data = {name: value for name, value in {**form.values, **(values or {})}.items() if value is not None}
        target = urljoin(str(page.url), form.action or str(page.url))
        return _expected(self.client.post(target, data=data, files=files, headers={"Origin": _origin(page)}), expect)

    def sign_in(self) -> httpx.Response:
        """Sign in through the sign-in page and return where that leads."""
        page = self.get("/auth/login")
        return self.submit(page, "", {"sub": self.person}, expect=ANY_STATUS)

    def cookie_header(self, address: str) -> str:
        """Return the Cookie header that would be sent to `address`."""
        request = self.client.build_request("GET", address)
        return str(request.headers.get("cookie", ""))


ANY_STATUS = 0


def form_on(page: httpx.Response, action: str) -> Form:
    """Return the form on `page` whose action's path ends with `action`; the only POST form where `action` is empty."""
    parser = _Forms()
    parser.feed(page.text)
    posts = [form for form in parser.forms if form.method == "post"]
    for form in posts:
        if not action or urlsplit(form.action).path.endswith(action):
            return form
    raise WalkFailed(f"{page.url} has no form for {action!r}; it has {[form.action for form in posts]}")


def _expected(answer: httpx.Response, expect: int) -> httpx.Response:
    if expect not in {ANY_STATUS, answer.status_code}:
        raise WalkFailed(
            f"{answer.request.method} {answer.url} answered {answer.status_code}, expected {expect}: {gist(answer)}"
        )
    return answer


def gist(answer: httpx.Response) -> str:
    """Return the words of a page, shortened, for a message about it."""
    return words_of(answer.text)[:400]


def words_of(html: str) -> str:
    """Return the words that a page shows, without its marks."""
    words: list[str] = []

    class Words(HTMLParser):
        skip = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
            self.skip += tag in {"script", "style", "title", "nav", "header", "footer"}

        def handle_endtag(self, tag: str) -> None:
            self.skip -= tag in {"script", "style", "title", "nav", "header", "footer"}

        def handle_data(self, data: str) -> None:
            if not self.skip and data.strip():
                words.append(" ".join(data.split()))

    Words().feed(html)
    return " ".join(words)


def _origin(page: httpx.Response) -> str:
    parts = urlsplit(str(page.url))
    return f"{parts.scheme}://{parts.netloc}"
