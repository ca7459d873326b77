from . import cs_health_report
from . import cs_health_month
from . import cs_health_movement
from . import cs_health_dimension
from . import cs_journey_funnel
from . import cs_journey_visit_report
from . import cs_task_report
from . import cs_workload
