"""`python -m tests.drills [NAME]…`: tries what may go wrong, prints what was found, ends with 1 if it is bad."""

import argparse
import os
import sys

from tests.drills import report as reporting
from tests.drills.all import DRILLS, perform


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(DRILLS)}; all when none is named"
    )
    parser.add_argument(
        "--database", help="a PostgreSQL [PORTAL_TEST_DATABASE_URL]; `sqlite`: only SQLite"
    )
    parser.add_argument("--short", action="store_true", help="as the tests do it")
    parser.add_argument("--write", metavar="FILE", help="put the table before the older ones there")
    told = parser.parse_args()
    unknown = set(told.names) - set(DRILLS)
    if unknown:
        parser.error(f"no such drill: {', '.join(sorted(unknown))}")
    url = told.database or os.environ.get("PORTAL_TEST_DATABASE_URL", "")
    databases = ["sqlite", *([url] if url and url != "sqlite" else [])]
    print(reporting.machine())
    reports, old = [], reporting.older(told.write) if told.write else ""
    for name in told.names or DRILLS:
        for database in databases:
            if DRILLS[name].suits(database):
                reports.append(perform(name, database, short=told.short))
                reports[-1].say()
                if told.write:  # at once: what was found is kept, whatever the next one does
                    reporting.write(told.write, reports, old)
    print("\n" + reporting.table(reports))
    return 0 if all(it.good for it in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
