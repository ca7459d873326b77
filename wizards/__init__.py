from . import cs_interaction_log
from . import cs_journey_start
from . import cs_reason
