"""Tables of deals: customers, pipelines and their stages, why deals are lost, how each went."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Team, User
from portal.db import Base
from portal.deals.rules import CURRENCY


class Customer(Base):
    """A company that may buy (an account, as sales says); `name_key` is what makes it the same."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(400), unique=True)
    industry: Mapped[str] = mapped_column(String(80), default="")  # a term's slug, or words
    country: Mapped[str] = mapped_column(String(80), default="")
    employees: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Pipeline(Base):
    """A way deals go, stage after stage."""

    __tablename__ = "pipelines"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    stages: Mapped[list["PipelineStage"]] = relationship(
        back_populates="pipeline",
        cascade="all, delete-orphan",
        order_by="(PipelineStage.position, PipelineStage.id)",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own spelling


class PipelineStage(Base):
    """A stage; `aliases` are what other systems call it, `outcome` is how a deal ends by it.

    `term` is the slug of the library's stage whose content fits it.
    """

    __tablename__ = "pipeline_stages"
    __table_args__ = (UniqueConstraint("pipeline_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipelines.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    slug: Mapped[str] = mapped_column(String(80))
    names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    outcome: Mapped[str] = mapped_column(String(20), default="open")
    term: Mapped[str | None] = mapped_column(String(80))
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())

    pipeline: Mapped[Pipeline] = relationship(back_populates="stages")


class LossReason(Base):
    """Why a deal can be lost; at most ten are offered. `competitor`: it names whom to."""

    __tablename__ = "loss_reasons"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    competitor: Mapped[bool] = mapped_column(default=False, server_default=false())
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())


class Deal(Base):
    """A chance to sell; `source` and `external_id` say where it is kept when not here.

    `stage` and `account` are the words for them; `said` holds what the source said that matched
    nothing of ours yet, by field, and `digest` stands for its last row, so that the same row again
    changes nothing.
    """

    __tablename__ = "deals"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(None, "owner_id", "outcome", "closes_on"),
        Index(None, "team_id", "outcome", "closes_on"),
        Index(None, "outcome", "closes_on"),
        Index(None, "outcome", "closed_at"),
        Index(None, "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    account: Mapped[str] = mapped_column(String(200), default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    region: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    # what kind of buyer, as a source says; one of the things a deal's starting chance depends on
    segment: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    currency: Mapped[str] = mapped_column(String(3), default=CURRENCY)
    pipeline_id: Mapped[int | None] = mapped_column(ForeignKey("pipelines.id"), index=True)
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("pipeline_stages.id"), index=True)
    stage: Mapped[str] = mapped_column(String(80), default="")
    outcome: Mapped[str] = mapped_column(String(20), default="open")
    loss_reason_id: Mapped[int | None] = mapped_column(ForeignKey("loss_reasons.id"), index=True)
    loss_words: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    closes_on: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))

    owner: Mapped[User | None] = relationship()
    team: Mapped[Team | None] = relationship()
    customer: Mapped[Customer | None] = relationship()
    stage_row: Mapped[PipelineStage | None] = relationship()
    loss_reason: Mapped[LossReason | None] = relationship()
    terms: Mapped[list["DealTerm"]] = relationship(
        cascade="all, delete-orphan", order_by="(DealTerm.facet, DealTerm.slug)"
    )
    changes: Mapped[list["StageChange"]] = relationship(
        cascade="all, delete-orphan", order_by="(StageChange.at, StageChange.id)"
    )


class DealTerm(Base):
    """A product or competitor of a deal: the term's slug, which may be a former one."""

    __tablename__ = "deal_terms"
    __table_args__ = (Index(None, "facet", "slug", "deal_id"),)

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("deals.id", ondelete="CASCADE"), primary_key=True
    )
    facet: Mapped[str] = mapped_column(String(20), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)


class StageChange(Base):
    """A deal entered a stage, ended or was opened again; `stage` is its words at that time."""

    __tablename__ = "deal_stage_changes"
    __table_args__ = (Index(None, "deal_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("pipeline_stages.id"), index=True)
    stage: Mapped[str] = mapped_column(String(80), default="")
    outcome: Mapped[str] = mapped_column(String(20), default="open")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
