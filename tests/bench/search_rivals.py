"""The same terms in other engines: ids, facet counts and snippets, as the portal has to answer them.

They count facets by text instead of by asset, and under all filters at once: less than the
portal does. What they find is shown by the portal's own snippets, read from the same rows.
"""

import sqlite3
from collections import Counter
from types import SimpleNamespace

import numpy as np

from portal.db import db
from portal.search import indexable, indexing, rules, snippets
from portal.search.finding import Finder

FEW = rules.FEW


def tantivy_here():
    """Whether there is tantivy (the extra `bench`)."""
    try:
        import tantivy  # noqa: F401
    except ImportError:
        return False
    return True


def entries():
    """The index entry of every published text, as the portal makes it."""
    for facts in indexable.all_published_facts():
        contents = indexable.contents([it.id for it in facts])
        db.session.rollback()
        yield from (indexing.entry_of(it, contents[it.id]) for it in facts)


class Rival:
    """An engine beside ours; `proposed` gives (ids, facet counts) of a query."""

    def __init__(self, digests):
        self.digests = digests
        self.ready = Finder(None)

    def answer(self, asked):
        ids, facets = self.proposed(asked.query)
        cards = [SimpleNamespace(id=i, digest=self.digests[i]) for i in ids]
        prepared = self.ready._prepared(cards)
        return ids, facets, {i: snippets.best(prepared[i], asked.words) for i in ids}


class Ours(Rival):
    """The portal's own engine, asked for the same: no cards, which are not the engine's."""

    name = "ours"

    def __init__(self, engine, digests):
        super().__init__(digests)
        self.engine = engine

    def proposed(self, query):
        found = self.engine.search(query)
        return [hit.id for hit in found.hits], found.facets


class Tantivy(Rival):
    name = "tantivy"

    def __init__(self, folder, entries, digests):
        import tantivy

        super().__init__(digests)
        self.lib = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
        builder.add_text_field("t", tokenizer_name="terms", index_option="freq")
        for facet in rules.FACETS:
            builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        folder.mkdir()
        index = tantivy.Index(self.schema, path=str(folder))
        index.register_tokenizer(
            "terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        writer = index.writer(200_000_000, 1)
        for entry in entries:
            document = tantivy.Document()
            document.add_unsigned("id", entry.id)
            document.add_text("t", " ".join(entry.terms))
            for facet, values in entry.facets.items():
                if facet in rules.FACETS:
                    for value in values:
                        document.add_text(facet, value)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()
        self.counting = {facet: {"terms": {"field": facet, "size": 100}} for facet in rules.FACETS}

    def built(self, query, occur):
        lib = self.lib

        def term(name, value, weight=1.0):
            one = lib.Query.term_query(self.schema, name, value, "freq" if name == "t" else "basic")
            return one if weight == 1.0 else lib.Query.boost_query(one, weight)

        words = [
            lib.Query.boolean_query([(lib.Occur.Should, term("t", t, w)) for t, w in word])
            if len(word) > 1
            else term("t", *word[0])
            for word in query.words
        ]
        parts = [(lib.Occur.Must, lib.Query.boolean_query([(occur, word) for word in words]))]
        parts += [(lib.Occur.Should, term("t", t, w)) for t, w in query.bonus]
        for facet, values in query.filters.items():
            ticked = [(lib.Occur.Should, term(facet, value)) for value in sorted(values)]
            picked = lib.Query.const_score_query(lib.Query.boolean_query(ticked), 0.0)
            parts.append((lib.Occur.Must, picked))
        return lib.Query.boolean_query(parts)

    def proposed(self, query):
        built = self.built(query, self.lib.Occur.Must)
        found = self.searcher.search(built, query.limit)
        if found.count < FEW and len(query.words) > 1:
            built = self.built(query, self.lib.Occur.Should)
            found = self.searcher.search(built, query.limit)
        counted = self.searcher.aggregate(built, self.counting)
        facets = {
            facet: {bucket["key"]: bucket["doc_count"] for bucket in told["buckets"]}
            for facet, told in counted.items()
        }
        return [self.searcher.doc(place)["id"][0] for _, place in found.hits], facets


class Fts5(Rival):
    name = "SQLite FTS5"

    def __init__(self, folder, entries, digests):
        super().__init__(digests)
        folder.mkdir()
        self.connection = sqlite3.connect(folder / "fts.sqlite")
        self.connection.execute(
            "CREATE VIRTUAL TABLE found USING fts5(t, content='', detail=none,"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
        )
        rows, self.codes = [(0, 0)], {}

        def given():
            for entry in entries:
                for facet, values in entry.facets.items():
                    for value in values:
                        code = self.codes.setdefault((facet, value), len(self.codes))
                        rows.append((entry.id, code))
                yield entry.id, " ".join(entry.terms)

        self.connection.executemany("INSERT INTO found (rowid, t) VALUES (?, ?)", given())
        self.connection.execute("INSERT INTO found (found) VALUES ('optimize')")
        self.connection.commit()
        self.pairs = np.array(rows, np.int64)
        self.most = int(self.pairs[:, 0].max()) + 1
        self.names = list(self.codes)

    def having(self, facet, values):
        mask = np.zeros(self.most, bool)
        for value in values:
            mask[self.pairs[self.pairs[:, 1] == self.codes.get((facet, value), -1), 0]] = True
        return mask

    def matching(self, query, joined):
        words = ["(" + " OR ".join(f'"{t}"' for t, _ in word) + ")" for word in query.words]
        found = self.connection.execute(
            "SELECT rowid, rank FROM found WHERE found MATCH ?", (joined.join(words),)
        ).fetchall()
        return np.array(found or np.zeros((0, 2)))

    def proposed(self, query):
        found = self.matching(query, " AND ")
        if len(found) < FEW and len(query.words) > 1:
            found = self.matching(query, " OR ")
        ids, ranks = found[:, 0].astype(np.int64), found[:, 1]
        for facet, values in query.filters.items():
            kept = self.having(facet, values)[ids]
            ids, ranks = ids[kept], ranks[kept]
        mask = np.zeros(self.most, bool)
        mask[ids] = True
        totals = np.bincount(self.pairs[mask[self.pairs[:, 0]], 1], minlength=len(self.names))
        facets = {self.names[n]: int(totals[n]) for n in np.flatnonzero(totals)}
        best = np.lexsort((ids, ranks))[: query.limit]
        return ids[best].tolist(), Counter(facets)


def rivals():
    """The classes of those that can be measured here."""
    return ([Tantivy] if tantivy_here() else []) + [Fts5]
