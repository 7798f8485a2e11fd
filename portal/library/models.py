"""Tables of the library: assets, their texts, and the vocabulary of facets."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.db import Base

asset_facets = Table(
    "asset_facets",
    Base.metadata,
    Column("asset_id", ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("facet_terms.id", ondelete="CASCADE"), primary_key=True),
    # covers "which assets have this term", the question behind related assets
    Index(None, "term_id", "asset_id"),
)


class FacetTerm(Base):
    """One word of the controlled vocabulary: a product, competitor, industry, persona or stage.

    A retired one stays on the assets that have it and is not offered for others.
    """

    __tablename__ = "facet_terms"
    __table_args__ = (UniqueConstraint("facet", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80))
    names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    retired_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class FormerSlug(Base):
    """A slug a term had before it got another one or was merged: old addresses lead on by it.

    Never the slug of a term of its facet.
    """

    __tablename__ = "former_slugs"
    __table_args__ = (UniqueConstraint("facet", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    facet: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80))
    term_id: Mapped[int] = mapped_column(
        ForeignKey("facet_terms.id", ondelete="CASCADE"), index=True
    )


class Asset(Base):
    """One governed piece of content, in one or more languages."""

    __tablename__ = "assets"
    __table_args__ = (Index(None, "state", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    department: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    checked_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    change: Mapped[str | None] = mapped_column(String(20))  # how far the next revision has come
    creator_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    backup_owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    publish_at: Mapped[datetime | None]
    retire_at: Mapped[datetime | None]
    # changes whenever what is searched of its attachments does: see attachments.lifecycle
    files_stamp: Mapped[str | None] = mapped_column(String(64))
    # the folder that says what it is; None: it is written at the desk
    source_id: Mapped[int | None] = mapped_column(ForeignKey("content_sources.id"), index=True)
    review_months: Mapped[int | None]  # between two checks; None: as its kind is checked

    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)
    backup_owner: Mapped[User | None] = relationship(foreign_keys=backup_owner_id)
    texts: Mapped[list["AssetText"]] = relationship(
        back_populates="asset", cascade="all, delete-orphan", order_by="AssetText.language"
    )
    facets: Mapped[list[FacetTerm]] = relationship(
        secondary=asset_facets, order_by=(FacetTerm.facet, FacetTerm.slug)
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own spelling


class AssetText(Base):
    """An asset in one language; `sections` is the body as cleaned HTML, made when it was saved."""

    __tablename__ = "asset_texts"
    # the title: "is there another of this name" is asked with every save
    __table_args__ = (UniqueConstraint("asset_id", "language"), Index(None, "title"))

    id: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    path: Mapped[str] = mapped_column(String(1000), default="")
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    words: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(String(64), default="")
    updated_at: Mapped[datetime]

    asset: Mapped[Asset] = relationship(back_populates="texts")
