"""Tables of the insights as files to keep: as any table is sent."""

from portal.web.sending import FORMATS, sent

__all__ = ["FORMATS", "sent"]
