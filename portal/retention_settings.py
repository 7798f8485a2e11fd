"""Settings of privacy: how long it is kept who did what, by kind of fact."""

from pydantic import BaseModel, Field

MOST = 600
"""Months: fifty years."""


class RetentionSettings(BaseModel):
    """After how many months a fact loses the person; 0 keeps it for ever. Counts always stay."""

    keep_searches_months: int = Field(
        default=24,
        ge=0,
        le=MOST,
        description="months until a search forgets who searched",
    )
    keep_uses_months: int = Field(
        default=36, ge=0, le=MOST, description="months until a use forgets who opened or copied"
    )
    keep_call_words_months: int = Field(
        default=36, ge=0, le=MOST, description="months until notes of calls and ratings are emptied"
    )
    keep_sign_ins_months: int = Field(
        default=12, ge=0, le=MOST, description="months until sign-ins, with their addresses, go"
    )
    keep_notices_months: int = Field(
        default=12, ge=0, le=MOST, description="months until notices that were read go"
    )
