"""Asking for content, waiting for what somebody else has asked, and two requests that are one."""
