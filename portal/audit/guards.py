"""The triggers that keep the audit log append-only, on both databases (migration 0029)."""

WORDS = "the audit log is only ever added to"

_FORBIDDEN = {"audit_entries": ("UPDATE", "DELETE"), "audit_details": ("UPDATE",)}


def of(table: str) -> dict[str, list[str]]:
    """Return dialect → the statements that make a table's guards."""
    forbidden = _FORBIDDEN[table]
    sqlite = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        for verb in forbidden
    ]
    refuse = (
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$ LANGUAGE plpgsql"
    )
    rows = f"CREATE TRIGGER {table}_no_change BEFORE {' OR '.join(forbidden)} ON {table} "
    whole = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    each = "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    once = "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    return {"sqlite": sqlite, "postgresql": [refuse, rows + each, whole + once]}
