"""Check this folder: python3 -I verify.py [HEAD]   with a head of the ledger that you hold yourself; see README.md"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console without Chinese


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf(values: Any) -> bytes:  # RFC 6962: leaves begin with 0, nodes with 1
    return sha(b"\0" + json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())


def climb(node: bytes, path: Any) -> bytes:
    for side, hexadecimal in path:
        other = bytes.fromhex(hexadecimal)
        node = sha(b"\1" + (other + node if side == "left" else node + other))
    return node


def check(good: bool, what: str) -> None:
    if not good:
        sys.exit(f"NOT PROVED 未能证明: {what}")


files = {p.relative_to(HERE).as_posix(): sha(p.read_bytes()).hex() for p in HERE.rglob("*") if p.is_file()}
sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()) if name != "SHA256SUMS")
differ = set(sums.encode().splitlines()) ^ set((HERE / "SHA256SUMS").read_bytes().splitlines())
check(not differ, f"a file was changed, added or taken away: {sorted(differ)}")
check((HERE / "SHA256SUMS").read_bytes() == sums.encode(), "SHA256SUMS was changed")

proof, held = json.loads((HERE / "proof.json").read_bytes()), sys.argv[1:2]
mine = held[0].strip().lower() if held else ""
check(
    not held or len(mine) >= 12,
    "of the head you hold give at least the first 12 digits 请至少给出账本头的前12位",
)
heads = [head for head in proof["heads"] if head["head"].startswith(mine)]
check(bool(heads), "the head you hold is not one of this folder's: ask for a proof made with --head")
for head in heads:
    covered = [o for o in proof["observations"] if str(o["entry"][0]) in head["paths"]]
    for seen in covered:
        url, at, outcome, headers, body = seen["leaf"]
        check(files[seen["body"]] == body, f"{seen['body']} is not what {url} answered at {at}")
        check(
            not seen["headers"] or files[seen["headers"]] == headers, f"{seen['headers']} is another answer's"
        )
        check(climb(leaf(seen["leaf"]), seen["path"]).hex() == seen["entry"][3], f"{url} at {at}")
        root = climb(leaf(seen["entry"]), head["paths"][str(seen["entry"][0])])
        check(
            sha(b"\2" + bytes.fromhex(head["previous_head"]) + root).hex() == head["head"], f"{url} at {at}"
        )
        print(f"{at}  {url}  {outcome}  {seen['body']}")
    check(bool(covered), "no observation is covered")
    print(f"  ↑ all in the ledger with head 均在账本中 {head['seq']} of {head['at']}:\n    {head['head']}\n")
print(
    "Everything follows. Now compare the head with one you hold yourself. 全部相符，请与您自己持有的账本头比对。"
)
