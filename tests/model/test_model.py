# SPDX-License-Identifier: GPL-3.0-or-later
"""plumbd against the reference model on generated cases.

    test_model.py [--cases 10000] [--seed N] [--kind match|update] [--keep-going]

A case of `match` is one filter over a round's documents, one of `update` an update of one document.
A difference prints the seed, the smallest case that still differs, and that case as a group in the form
of tests/conformance, to replay anywhere: replay.py --url … FILE.
"""
import argparse
import random
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "conformance"), str(HERE.parent / "support")]

import bson  # noqa: E402
from bson import SON  # noqa: E402
from bson.codec_options import CodecOptions  # noqa: E402
from plumbd import Plumbd  # noqa: E402
from replay import dumps  # noqa: E402

from cases import Cases  # noqa: E402
from match import Bad, matches  # noqa: E402
from shrink import shrink  # noqa: E402
from update import applied  # noqa: E402

CODEC = CodecOptions(document_class=SON)
DOCUMENTS, FILTERS, UPDATES = 40, 100, 500


def plain(document):
    """As the server would give it back: types through BSON once."""
    return bson.decode(bson.encode(document), CODEC)


def run(database, command):
    return database.command(SON(command), check=False, codec_options=CODEC)


def load(database, documents):
    run(database, [("drop", "c")])
    reply = run(database, [("insert", "c"), ("documents", documents)])
    if reply.get("writeErrors") or not reply["ok"]:
        raise RuntimeError(f"insert: {reply}")


class Match:
    """A case is [documents, filter]; an answer is the list of _ids or a code."""

    def round(self, cases):
        documents = [plain(cases.document(number)) for number in range(DOCUMENTS)]
        return [[documents, plain(cases.query())] for _ in range(FILTERS)]

    def model(self, case):
        documents, query = case
        try:
            return [d["_id"] for d in documents if matches(d, query)]
        except Bad as bad:
            return bad.code

    def command(self, case):
        return [("find", "c"), ("filter", case[1]), ("projection", {"_id": 1}), ("batchSize", 1000)]

    def engine(self, database, case):
        reply = run(database, self.command(case))
        return [d["_id"] for d in reply["cursor"]["firstBatch"]] if reply["ok"] else reply["code"]

    def differences(self, database, batch):
        load(database, batch[0][0])
        return [case for case in batch if self.model(case) != self.engine(database, case)]

    def well_formed(self, case):
        return isinstance(case[1], dict)

    def one(self, case, ours, theirs):
        """Only a document about which they differ."""
        documents, query = case
        if isinstance(ours, list) and isinstance(theirs, list):
            documents = [d for d in documents if (d["_id"] in ours) != (d["_id"] in theirs)][:1]
        return [documents[:1], query]

    def step(self, case, answer):
        batch = [SON(_id=one) for one in answer] if isinstance(answer, list) else None
        reply = SON(cursor=SON([("firstBatch", batch), ("open", False)])) if batch is not None else SON(
            [("ok", 0), ("code", answer)])
        return SON(self.command(case)), [reply]


class Update:
    """A case is [documents, query, update, array filters] with one document; an answer is its bytes or a code."""

    def round(self, cases):
        batch = []
        for number in range(UPDATES):
            document = plain(cases.document(number))
            query, update, filters = map(plain_any, cases.update())
            batch.append([[document], SON([("_id", number), *query.items()]), update, filters])
        return batch

    def model(self, case):
        documents, query, update, filters = case
        try:
            document = documents[0]
            if not matches(document, query):
                return bson.encode(document)  # what an update without a match refuses is not asked
            return bson.encode(applied(document, update, query, filters))
        except Bad as bad:
            return bad.code

    def command(self, batch):
        statements = [SON([("q", query), ("u", update)] + ([("arrayFilters", filters)] if filters else []))
                      for documents, query, update, filters in batch if documents]
        return [("update", "c"), ("updates", statements), ("ordered", False)]

    def answers(self, database, batch):
        load(database, [case[0][0] for case in batch])
        asked = [case for case in batch if matches_or_false(case)]
        codes = {}
        if asked:
            reply = run(database, self.command(asked))
            if not reply["ok"]:
                return [reply["code"]] * len(batch)
            codes = {asked[e["index"]][0][0]["_id"]: e["code"] for e in reply.get("writeErrors", [])}
        found = run(database, [("find", "c"), ("sort", {"_id": 1}), ("batchSize", 5000)])["cursor"]["firstBatch"]
        stored = {d["_id"]: bson.encode(d) for d in found}
        return [codes.get(case[0][0]["_id"], stored[case[0][0]["_id"]]) for case in batch]

    def engine(self, database, case):
        return self.answers(database, [case])[0]

    def differences(self, database, batch):
        return [case for case, theirs in zip(batch, self.answers(database, batch)) if self.model(case) != theirs]

    def well_formed(self, case):
        documents, query, update, filters = case
        return (query.get("_id") == documents[0]["_id"] and isinstance(update, dict) and update
                and isinstance(filters, list)
                and all(isinstance(one, dict) and one for one in filters))

    def one(self, case, _ours, _theirs):
        return case

    def step(self, case, answer):
        code = isinstance(answer, int)
        reply = SON([("n", 0), ("nModified", 0), ("writeErrors", [SON(index=0, code=answer)])]) if code else SON(ok=1)
        stored = case[0] if code else [plain_bytes(answer)]
        find = SON([("find", "c"), ("batchSize", 10)])
        return [SON(self.command([case])), find], [reply, SON(cursor=SON([("firstBatch", stored), ("open", False)]))]


def plain_any(value):
    return plain({"v": value})["v"]


def plain_bytes(raw):
    return bson.decode(raw, CODEC)


def matches_or_false(case):
    try:
        return matches(case[0][0], case[1])
    except Bad:
        return False


def fails(kind, database, case):
    try:
        case = plain_any(case)
        if not case[0] or "_id" not in case[0][0] or not isinstance(case[0][0]["_id"], int):
            return False
        if not kind.well_formed(case):
            return False
        load(database, case[0])
        return kind.model(case) != kind.engine(database, case)
    except Exception:  # noqa: BLE001 - a candidate of another form is no smaller case
        return False


def report(kind, database, case, seed):
    name = type(kind).__name__.lower()
    load(database, case[0])
    case = kind.one(case, kind.model(case), kind.engine(database, case))
    case = plain_any(shrink(case, lambda candidate: fails(kind, database, candidate)))
    load(database, case[0])
    model, engine = kind.model(case), kind.engine(database, case)
    shown = [plain_bytes(answer) if isinstance(answer, bytes) else answer for answer in (model, engine)]
    print(f"DIFFERS {name}, seed {seed}\n  case   {dumps(case)}\n"
          f"  model  {dumps(shown[0])}\n  plumbd {dumps(shown[1])}")
    command, expect = kind.step(case, model)
    print(dumps(SON([("name", f"model/{name}-{seed}"), ("db", "model"), ("kind", "independent"),
                     ("setup", SON(collections=[SON([("name", "c"), ("docs", case[0])])])),
                     ("steps", [SON([("id", f"model/{name}-{seed}-001"), ("run", command), ("writes", True),
                                     ("expect", expect)])])])))


def compare(kind, database, seed, wanted, keep_going):
    cases, done, differ = Cases(seed), 0, 0
    while done < wanted:
        batch = kind.round(cases)
        for case in kind.differences(database, batch):
            differ += 1
            if differ <= (20 if keep_going else 1):
                report(kind, database, case, seed)
        done += len(batch)
        if differ and not keep_going:
            break
    return done, differ


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--cases", type=int, default=10000)
    ap.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    ap.add_argument("--kind", choices=["match", "update"])
    ap.add_argument("--keep-going", action="store_true", help="report up to twenty differences, count all")
    args = ap.parse_args()
    total = 0
    with Plumbd() as server:
        database = server.client().model
        for kind in (Match(), Update()):
            name = type(kind).__name__.lower()
            if args.kind not in (None, name):
                continue
            began = time.monotonic()
            wanted = args.cases if args.kind else args.cases // 2
            done, differ = compare(kind, database, args.seed, wanted, args.keep_going)
            print(f"{name:6} {done} cases, {differ} differ, seed {args.seed}, {time.monotonic() - began:.1f} s")
            total += differ
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
