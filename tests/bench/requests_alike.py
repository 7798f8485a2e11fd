"""Requests asked twice in other words: whether the first one is offered while the second is typed, how fast."""

import json
import random
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import mean, median, quantiles

from sqlalchemy import func, insert, select

from portal import clock
from portal.app import create_app
from portal.asset_requests.models import AssetRequest, RequestSupporter, RequestWord
from portal.asset_requests.similar import rules, service
from portal.config import Config
from portal.db import Base, db, optimise
from portal.library.vocabulary import Vocabulary
from portal.library.vocabulary import load as load_vocabulary
from portal.search import wording
from tests import make
from tests.bench.table import Figure, show
from tests.browser import ROOT
from tests.page import Client

JUDGED = Path(__file__).with_name("duplicates.jsonl")
OPEN, ALL, TYPED = 2000, 50_000, 300
TUNED_ON = 3
"""Every third pair was looked at while the words and the weights were chosen; the others were not."""
SHARE, MILLISECONDS = 85, 60
FACETS = ("kind", "product", "competitor", "industry", "stage")


@dataclass(frozen=True)
class Judged:
    """A line of the judged set: a request that is open, and the same one asked again, if it was."""

    number: int
    asked: dict
    again: dict | None

    @property
    def held_out(self):
        return self.number % TUNED_ON != 0

    @property
    def across(self):
        return self.again["language"] != self.asked["language"]


def judged():
    """The judged set, in the order of its file."""
    lines = [json.loads(line) for line in JUDGED.read_text("utf-8").splitlines()]
    return [
        Judged(line.get("pair", 1000 + number), line["asked"], line.get("again"))
        for number, line in enumerate(lines)
    ]


def said(request):
    """All the words of a request, as the portal keeps them."""
    return f"{request['title']}\n\n{request['situation']}"


def about(request):
    return {facet: request[facet] for facet in FACETS if request.get(facet)}
