"""Second factors: an app that makes codes, and recovery codes on paper."""
