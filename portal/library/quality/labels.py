"""Words of the checks: what each looks for, how much it matters, what to do about it."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

CHECKS: Table = {
    "dead-link": _("Dead link"),
    "owner": _("No owner"),
    "competitor": _("No competitor"),
    "figure-source": _("Figure without a source"),
    "figure-date": _("Figure without a date"),
    "stale": _("Not checked for long"),
    "empty-section": _("Empty section"),
    "part-missing": _("Part missing"),
    "duplicate": _("Nearly the same text"),
    "table": _("Table hard to read"),
    "image": _("Image without words"),
    "title-twice": _("Same title twice"),
    "untagged": _("Not tagged"),
    "translation": _("Translation missing"),
    "title-long": _("Title too long"),
    "summary": _("Summary"),
    "sentence-long": _("Too long to say"),
    "headings": _("Heading skips a level"),
    "wall": _("Wall of text"),
    "hard": _("Hard to read"),
}
SEVERITIES: Table = {
    "3": _("Serious"),
    "2": _("Worth mending"),
    "1": _("Polish"),
}
SEVERITY_STYLES = {3: "high", 2: "medium", 1: "low"}
PARTS: Table = {
    "quick-facts": _("Quick facts"),
    "why-we-win": _("Why we win"),
    "why-they-win": _("Why they win"),
    "objections": _("Objections"),
    "landmines": _("Landmines"),
    "pricing": _("Pricing"),
    "proof": _("Proof"),
    "talk-track": _("Talk track"),
}
SAID: Table = {
    "dead-link missing": _("There is no such asset: %(to)s."),
    "dead-link draft": _("The asset it leads to is not published: %(to)s."),
    "dead-link review": _("The asset it leads to is not published: %(to)s."),
    "dead-link retired": _("The asset it leads to was retired: %(to)s."),
    "dead-link language": _("The asset it leads to has no text in that language: %(to)s."),
    "dead-link anchor": _("The asset it leads to has no such section: %(to)s."),
    "table ragged": _("Rows have different numbers of cells."),
    "table wide": _("Too many columns for a phone: turn it round, or make two."),
    "table empty": _("There are headings, but no rows."),
    "table header": _("A column has no heading."),
    "owner -": _("Nobody answers for it. Give it an owner."),
    "owner": _("%(name)s owns it and works here no more. Hand it over."),
    "competitor": _(
        "A battlecard without a competitor is found by nobody. Say against whom it is."
    ),
    "figure-source": _("Somebody will ask where this is from:"),
    "figure-date": _("Nobody can tell how old this is:"),
    "stale -": _("Nobody has ever confirmed that it is true."),
    "stale": _("Last confirmed on %(day)s. Is it still true?"),
    "empty-section": _("Nothing stands under “%(heading)s”."),
    "part-missing": _("Reps look for “%(part)s” here and find nothing."),
    "duplicate": _("Nearly the same text as “%(title)s”: %(percent)s of 100 parts. Keep one."),
    "image": _("Say in its alternative text what it shows: %(src)s"),
    "title-twice": _("Another asset has the same title: %(slug)s. Reps can not tell them apart."),
    "untagged": _("It has neither product nor industry nor stage, so it is suggested to nobody."),
    "translation": _("There is no text in: %(languages)s."),
    "title-long": _("%(n)s characters; a hit shows about %(most)s."),
    "summary -": _("It has no summary: a hit shows nothing under its title."),
    "summary": _("The summary has %(n)s characters; nobody reads beyond %(most)s."),
    "sentence-long": _("%(n)s words in one breath, at most %(most)s:"),
    "headings": _("“%(heading)s” is two levels below the heading before it."),
    "wall": _("%(n)s words without a break, at most %(most)s:"),
    "hard": _("Sentences have %(n)s words on average; up to %(most)s read easily."),
}
"""What is wrong, by check; `… -` where the finding has no details."""
