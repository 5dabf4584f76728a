"""Whatever is asked, no answer is an error of the server, and every error is a sentence. More: tools/fuzz_server.py."""

import json
import re
from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

SIGNS = st.text(st.characters(codec="utf-8"), max_size=12)
WORDS = st.one_of(SIGNS, st.integers().map(str), st.sampled_from(["0", "1", "score", "thumbnail", "overlay", "scores"]))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
SAID = st.sampled_from(["accepted", "rejected", "undecided"])
FIELDS = {"operator": SIGNS, "comment": SIGNS, "defect_class": SIGNS, "folder": SIGNS, "layout": SIGNS}
NEARLY = st.fixed_dictionaries({}, optional={**FIELDS, "verdict": SAID, "expected": SAID, "settings": VALUES})
NAMES = ("first", "count", "order", "flagged", "after")


BODIES = st.one_of(st.binary(max_size=20), st.one_of(NEARLY, VALUES).map(lambda value: json.dumps(value).encode()))
KINDS = st.sampled_from(["application/json", "multipart/form-data; boundary=x", "text/plain", ""])


def test_no_request_is_too_odd(make_client, run_id):
    with make_client(rate=10**9) as client:
        paths = client.get("/openapi.json").json()["paths"]

        @settings(max_examples=80, deadline=None, database=None)
        @given(data=st.data())
        def ask(data):
            path = data.draw(st.sampled_from(sorted(paths)))
            method = data.draw(st.sampled_from([*sorted(paths[path]), "get", "post", "put", "patch"]))
            address = re.sub(r"\{\w+\}", lambda _: quote(data.draw(WORDS), safe=""), path)
            query = urlencode(data.draw(st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=3)))
            headers = {"Content-Type": data.draw(KINDS)}

            answer = client.request(method, f"{address}?{query}", content=data.draw(BODIES), headers=headers)

            assert answer.status_code < 500
            if answer.status_code >= 400:
                assert set(answer.json()) <= {"error", "standing"}
                assert "\n" not in answer.json()["error"]

        ask()
