"""Where pages tell what was done with them."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from portal.errors import Invalid
from portal.usage import recorder
from portal.usage.forms import UseForm
from portal.usage.rules import Action

bp = Blueprint("usage", __name__)


@bp.post("/usage")
def note() -> ResponseReturnValue:
    """Note that a sentence was copied or a page printed; there is nothing to answer."""
    form = UseForm()
    if not form.validate_on_submit():
        raise Invalid(f"not usable: {', '.join(sorted(form.errors))}")
    recorder.note(
        Action(form.action.data),
        asset_id=form.asset.data,
        language=form.language.data,
        revision=form.revision.data,
        section=form.section.data,
        sentence=form.sentence.data,
        source=form.source.data,
    )
    return Response(status=204)
