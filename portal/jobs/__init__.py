"""Background work: jobs as rows, written with what causes them, done by `portal worker`.

`jobs.enqueue(name, payload, run_at=…, key=…)` in the transaction of the cause; how a job of that
name is done is registered in `portal/work.py`.
"""

from portal.jobs.claiming import GiveUp, NotYet
from portal.jobs.rules import Daily, Duty, Every, Handler, Job
from portal.jobs.service import cancel, enqueue

__all__ = ["Daily", "Duty", "Every", "GiveUp", "Handler", "Job", "NotYet", "cancel", "enqueue"]
