"""Check this folder: python3 -I verify.py [HEAD]   with a head of the ledger that you hold yourself; see README.md"""

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console without Chinese


def leaf(values: Any) -> bytes:  # RFC 6962: leaves begin with 0, nodes with 1
    return sha256(b"\0" + json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def climb(node: bytes, path: Any) -> bytes:
    for side, other in path:
        pair = (bytes.fromhex(other), node) if side == "left" else (node, bytes.fromhex(other))
        node = sha256(b"\1" + b"".join(pair)).digest()
    return node


def check(good: object, what: str) -> None:
    if not good:
        sys.exit(f"NOT PROVED 未能证明: {what}")


found = {p.relative_to(HERE).as_posix(): p for p in HERE.rglob("*") if p.is_file()}
files = {name: sha256(path.read_bytes()).hexdigest() for name, path in found.items()}
sums = "".join(f"{files[name]}  {name}\n" for name in sorted(files) if name != "SHA256SUMS").encode()
said = (HERE / "SHA256SUMS").read_bytes()
differ = sorted({*sums.splitlines()} ^ {*said.splitlines()})
check(sums == said, f"a file was changed, added or taken away: {differ or 'SHA256SUMS'}")
proof, mine = json.loads((HERE / "proof.json").read_bytes()), "".join(sys.argv[1:2]).strip().lower()
check(not sys.argv[1:] or len(mine) >= 12, "of the head give at least the first 12 digits 至少给出前12位")
heads = [head for head in proof["heads"] if head["head"].startswith(mine)]
check(heads, "the head you hold is not one of this folder's: ask for a proof made with --head")
told = (".capture.json", ".certificate.der")  # the archive's own statements, as README.md says
left = {name for name in files if name.startswith("captures/") and not name.endswith(told)}
for head in heads:
    covered = [seen for seen in proof["observations"] if str(seen["entry"][0]) in head["paths"]]
    for seen in covered:
        url, at, outcome, headers, body = seen["leaf"]
        root = climb(leaf(seen["entry"]), head["paths"][str(seen["entry"][0])])
        chained = sha256(b"\2" + bytes.fromhex(head["previous_head"]) + root).hexdigest()
        check(files[seen["body"]] == body, f"{seen['body']} is not what {url} answered at {at}")
        check(not seen["headers"] or files[seen["headers"]] == headers, f"other headers of {url} at {at}")
        check(climb(leaf(seen["leaf"]), seen["path"]).hex() == seen["entry"][3], f"{url} at {at}")
        check(chained == head["head"], f"{url} at {at} is not in the ledger with this head")
        print(f"{at}  {url}  {outcome}  {seen['body']}")
        left -= {seen["body"], seen["headers"]}
    check(covered, "no observation is covered")
    print(f"  ↑ all in the ledger with head 均在账本中 {head['seq']} of {head['at']}:\n    {head['head']}\n")
check(not left, f"{sorted(left)}: in the ledger with no head above, which cover the rest 以上账本头未涵盖")
print("Everything follows. Now compare the head with your own. 全部相符，请与您自己持有的账本头比对。")
