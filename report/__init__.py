from . import cs_journey_funnel
from . import cs_journey_visit_report
from . import cs_task_report
from . import cs_workload
