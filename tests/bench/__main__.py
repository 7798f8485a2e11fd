"""`python -m tests.bench [PART]…`: measures, prints tables, ends with 1 if a figure is missed."""

import argparse
import platform
import sys

from tests.bench import (
    calls,
    content,
    coverage,
    deals_import,
    deals_page,
    history,
    insights_speed,
    insights_truth,
    jobs,
    mail,
    mutation,
    office,
    publishing,
    quality,
    relevance,
    requests_alike,
    requests_board,
    search,
    searchlog,
    serving,
    start,
    steady,
    use,
)

PARTS = {
    "serving": serving.run,
    "relevance": lambda: relevance.main() == 0,
    "content": content.run,
    "start": start.run,
    "publishing": publishing.run,
    "jobs": jobs.run,
    "mail": mail.run,
    "office": office.run,
    "quality": quality.run,
    "board": requests_board.run,
    "alike": requests_alike.run,
    "dealpage": deals_page.run,
    "calls": calls.run,
    "deals": deals_import.run,
    "history": history.run,
    "truth": insights_truth.run,
    "insights": insights_speed.run,
    "search": search.run,
    "use": use.run,
    "searchlog": searchlog.run,
    "steady": steady.run,
}
TESTS = {
    "mutation": mutation.run,
    "coverage": coverage.run,
}
"""Of the tests themselves, by name only: they run the suite's files again and again."""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"of {', '.join(PARTS)}; all of these when none is named; or {', '.join(TESTS)}",
    )
    parser.add_argument(
        "--assets", type=int, default=serving.ASSETS, help="how many for serving (%(default)s)"
    )
    parser.add_argument(
        "--events", type=int, default=use.EVENTS, help="how many for use (%(default)s)"
    )
    parser.add_argument(
        "--minutes", type=float, default=steady.MINUTES, help="how long for steady (%(default)g)"
    )
    parser.add_argument("--growth", action="store_true", help="plot how insights grow with deals")
    parser.add_argument(
        "--sizes", default=",".join(map(str, search.SIZES)), help="texts for search (%(default)s)"
    )
    parser.add_argument(
        "--queries", type=int, default=search.QUERIES, help="searches of each size (%(default)s)"
    )
    parser.add_argument(
        "--strange", type=int, default=search.HOSTILE, help="strange searches (%(default)s)"
    )
    parser.add_argument(
        "--all", action="store_true", help="coverage: of the whole suite, not of the narrow parts"
    )
    parser.add_argument(
        "--write", action="store_true", help="keep what search measured in docs/search-speed.md"
    )
    told = parser.parse_args()
    unknown = set(told.parts) - set(PARTS) - set(TESTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    print(f"Python {platform.python_version()} on {platform.machine()}")
    good = True
    for name in told.parts or PARTS:
        sized = {
            "serving": lambda: serving.run(told.assets),
            "steady": lambda: steady.run(told.minutes),
            "use": lambda: use.run(told.events),
            "search": lambda: search.run(
                tuple(int(size) for size in told.sizes.split(",")),
                queries=told.queries,
                hostile=told.strange,
                write=told.write,
            ),
            "insights": lambda: insights_speed.run(growth=told.growth),
            "coverage": lambda: coverage.run(everything=told.all),
        }
        good &= (TESTS | sized).get(name, PARTS.get(name))()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
